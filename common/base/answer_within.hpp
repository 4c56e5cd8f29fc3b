// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "base/abandonable_thread.hpp"

namespace livepusher::base {

/// What `ask` answers, or nullopt where that takes longer than `most`: then a thread is left with it, so it must own all
/// that it uses. Also nullopt where there is no thread. [any-thread]
template <typename Ask>
auto answerWithin(std::chrono::milliseconds most, Ask ask) -> std::optional<decltype(ask())> {
    const auto answer = std::make_shared<std::optional<decltype(ask())>>();
    AbandonableThread thread;
    if (!thread.start("ask", [answer, run = std::move(ask)] { answer->emplace(run()); })) return std::nullopt;
    return thread.end(most) ? std::move(*answer) : std::nullopt;
}

}  // namespace livepusher::base
