// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace livepusher::base {

/// What `ask` answers, or nothing when that takes longer: for questions to a disk, which a network may have taken away.
/// `ask` must own all that it needs; one that never returns keeps a thread.
template <typename T>
std::optional<T> within(std::chrono::milliseconds time, std::function<T()> ask) {
    std::packaged_task<T()> task(std::move(ask));
    auto answer = task.get_future();
    std::thread asking(std::move(task));
    if (answer.wait_for(time) != std::future_status::ready) {
        asking.detach();
        return std::nullopt;
    }
    asking.join();
    return answer.get();
}

}  // namespace livepusher::base
