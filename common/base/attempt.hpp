// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <type_traits>

namespace livepusher::base {

/// What an exception of the standard library means, for whoever waits for an answer: InternalFailure. Throws nothing: where
/// there is no memory for words, there is for these, which a string holds without any.
inline Error toError(const std::exception& thrown) noexcept {
    const auto brief = [] { return Error{Code::InternalFailure, "out of memory"}; };
    try {
        if (dynamic_cast<const std::bad_alloc*>(&thrown)) return brief();
        if (const auto* system = dynamic_cast<const std::system_error*>(&thrown))
            return {Code::InternalFailure,
                    std::string(
                        "no thread is left (ulimit -u, pids.max), no memory for one (ulimit -v), or the system refuses it: ") +
                        system->what(),
                    system->code().value()};
        return {Code::InternalFailure, thrown.what()};
    } catch (const std::bad_alloc&) {
        return brief();
    }
}

/// Calls what may throw for want of memory or of a thread, and answers with what it answers, or with an Error.
template <typename Call>
requires(!std::is_void_v<std::invoke_result_t<Call>>) auto attempt(Call call) {
    using Answer = decltype(call());
    using Told = std::conditional_t<std::is_constructible_v<Answer, Error>, Answer, Result<Answer>>;
    try {
        return Told(call());
    } catch (const std::exception& thrown) {
        return Told(toError(thrown));
    }
}

template <typename Call>
requires std::is_void_v<std::invoke_result_t<Call>> Result<void> attempt(Call call) {
    return attempt([&]() -> Result<void> {
        call();
        return {};
    });
}

}  // namespace livepusher::base
