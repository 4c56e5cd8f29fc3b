// SPDX-License-Identifier: MIT
#pragma once

#include "base/queue.hpp"
#include "pipeline/lane.hpp"

#include <functional>
#include <thread>

namespace livepusher::pipeline {

/// Brings pictures to the application's preview handler on a thread of its own; a slow handler
/// misses pictures and holds nothing up.
class Preview {
public:
    explicit Preview(std::function<void(const Shown&)> handler);
    ~Preview();
    Preview(const Preview&) = delete;
    Preview& operator=(const Preview&) = delete;

    void show(Shown shown) { latest_.push(std::move(shown)); }  ///< never waits. [video]

private:
    const std::function<void(const Shown&)> handler_;
    base::Queue<Shown> latest_{1};
    std::thread thread_;
};

}  // namespace livepusher::pipeline
