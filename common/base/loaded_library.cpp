// SPDX-License-Identifier: MIT
#include "base/loaded_library.hpp"

#include <dlfcn.h>

namespace livepusher::base {
namespace {

std::string lastError() {
    const char* why = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
    return why ? why : "no reason is told";
}

}  // namespace

LibraryLoader::LibraryLoader(std::initializer_list<const char*> names) : name_(*names.begin()) {
    for (const char* name : names) {
        if (void* handle = dlopen(name, RTLD_NOW | RTLD_LOCAL))
            handles_.push_back(handle);
        else if (missing_.empty())
            missing_ = lastError();
    }
}

void* LibraryLoader::find(const char* function) {
    for (void* handle : handles_)
        if (void* found = dlsym(handle, function)) return found;
    if (missing_.empty()) missing_ = lastError();
    return nullptr;
}

Result<void> LibraryLoader::check(const std::string& needs, const std::string& package) const {
    if (missing_.empty()) return {};
    return Error{Code::NotAvailable,
                 needs + " " + name_ + (package.empty() ? "" : ": apt-get install " + package) + " (" + missing_ + ")"};
}

}  // namespace livepusher::base
