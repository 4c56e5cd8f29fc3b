// SPDX-License-Identifier: MIT
#pragma once

#include <dlfcn.h>

#include <string>

namespace livepusher::base {

/// A library that is loaded when it is first needed, and never unloaded: those used here keep state of their own.
class SharedLibrary {
public:
    explicit SharedLibrary(const char* name) : name_(name), handle_(dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
        if (!handle_) noteMissing();
    }

    /// Sets a pointer to the function of that name; null, and missing(), when it isn't there.
    template <typename Function>
    void look(Function*& function, const char* name) {
        function = handle_ ? reinterpret_cast<Function*>(dlsym(handle_, name)) : nullptr;
        if (!function) noteMissing();
    }

    void* find(const char* name) const { return handle_ ? dlsym(handle_, name) : nullptr; }  ///< null: it isn't there
    /// The first thing that was not there, in the loader's words; empty: all was.
    const std::string& missing() const { return missing_; }

private:
    void noteMissing() {
        const char* why = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
        if (missing_.empty()) missing_ = why ? why : name_;
    }

    const char* const name_;
    void* const handle_;
    std::string missing_;
};

}  // namespace livepusher::base
