// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <initializer_list>
#include <string>
#include <vector>

namespace livepusher::base {

/// Shared libraries that are loaded together when they are first needed, and never unloaded: those used here keep state
/// of their own.
class LibraryLoader {
public:
    /// The first thing that was not there, in the loader's words; empty: all was.
    const std::string& missing() const { return missing_; }
    /// Errors: NotAvailable: what `needs`, as "sound cards need", with what is missing and the Debian package that has it.
    Result<void> check(const std::string& needs, const std::string& package = {}) const;

protected:
    explicit LibraryLoader(std::initializer_list<const char*> names);
    void* find(const char* function);  ///< null, and missing(), when none has it

private:
    std::string name_;  ///< of the first
    std::vector<void*> handles_;
    std::string missing_;
};

/// The functions of shared libraries, by a struct that LIVEPUSHER_FUNCTIONS fills. A static object in a function loads them
/// once, whichever threads come at the same time.
template <typename Functions>
class LoadedLibrary : public LibraryLoader {
public:
    explicit LoadedLibrary(std::initializer_list<const char*> names) : LibraryLoader(names) {
        functions_.each([this]<typename F>(F*& function, const char* name) { function = reinterpret_cast<F*>(find(name)); });
    }
    /// Those that are missing() are null. [any-thread]
    const Functions& operator*() const { return functions_; }
    const Functions* operator->() const { return &functions_; }

private:
    Functions functions_;
};

}  // namespace livepusher::base

/// In a struct: a pointer to each function of the LIST, a macro that applies another to each name, under that name.
#define LIVEPUSHER_FUNCTIONS(LIST)     \
    LIST(LIVEPUSHER_FUNCTION_MEMBER)   \
    template <typename Look>           \
    void each(Look look) {             \
        LIST(LIVEPUSHER_FUNCTION_LOOK) \
    }
#define LIVEPUSHER_FUNCTION_MEMBER(function) decltype(&::function) function = nullptr;
#define LIVEPUSHER_FUNCTION_LOOK(function) look(function, #function);
