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

}  // namespace livepusher::c_api
