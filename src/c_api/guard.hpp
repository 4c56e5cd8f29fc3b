// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <exception>
#include <new>
#include <string_view>

namespace livepusher::c_api {

/// Keeps why a call was refused, for livepusher_last_error() of this thread; needs no memory. Returns the code.
int refuse(Code code, std::string_view why) noexcept;
const char* lastError() noexcept;

/// Runs what stands behind an entry, a Result<void>; no exception gets past it.
template <typename Body>
int guarded(Body&& body) noexcept {
    try {
        const Result<void> done = body();
        return done ? 0 : refuse(done.error().code, done.error().message);
    } catch (const std::bad_alloc&) {
        return refuse(Code::InternalFailure, "out of memory");
    } catch (const std::exception& exception) {
        return refuse(Code::InternalFailure, exception.what());
    } catch (...) {
        return refuse(Code::InternalFailure, "an exception that tells nothing of itself: please report it");
    }
}

/// A pointer that was null where none may be.
inline Error missing(const char* what) { return {Code::InvalidArgument, std::string(what) + ": must not be null"}; }

/// An enumerator by its number, which it has in C too; there are `count`. Errors: InvalidArgument.
template <typename E>
Result<E> enumerator(const char* what, int number, int count, const char* allowed) {
    if (number >= 0 && number < count) return static_cast<E>(number);
    return Error{Code::InvalidArgument, std::string(what) + " " + std::to_string(number) + ": must be " + allowed};
}

}  // namespace livepusher::c_api
