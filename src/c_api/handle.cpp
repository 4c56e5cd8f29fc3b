// SPDX-License-Identifier: MIT
#include "c_api/handle.hpp"

#include <cstdlib>
#include <cstring>

namespace livepusher::c_api {

namespace {
thread_local const InCallback* innermost = nullptr;
}

InCallback::InCallback(const void* handle) : handle_(handle), outer_(innermost) { innermost = this; }
InCallback::~InCallback() { innermost = outer_; }

bool InCallback::of(const void* handle) {
    for (const auto* each = innermost; each; each = each->outer_)
        if (each->handle_ == handle || !each->handle_) return true;
    return false;
}

Result<void> copyOut(const char* name, const std::string& text, char** out) {
    if (!out) return missing(name);
    auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
    if (!copy) throw std::bad_alloc();
    std::memcpy(copy, text.c_str(), text.size() + 1);
    *out = copy;
    return {};
}

}  // namespace livepusher::c_api
