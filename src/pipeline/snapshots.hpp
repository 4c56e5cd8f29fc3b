// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/control_loop.hpp"
#include "pipeline/stages.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>

namespace livepusher::pipeline {

/// Writes pictures on a thread of its own, so that neither stream nor control waits for a disk.
class Snapshots {
public:
    using Reply = std::function<void(Result<SnapshotResult>)>;

    explicit Snapshots(std::function<Result<void>(const VideoFrame&, SnapshotQuality, const std::string&)> write)
        : write_(std::move(write)) {}

    /// `directory` empty: the system's temporary one. The reply comes on the writing thread, or at once with
    /// InvalidState when kMaxWaiting pictures are waiting: each holds its memory.
    void take(VideoFrame frame, SnapshotQuality quality, const std::string& directory, Reply reply);

private:
    static constexpr int kMaxWaiting = 32;

    const std::function<Result<void>(const VideoFrame&, SnapshotQuality, const std::string&)> write_;
    std::atomic<int> waiting_{0};
    std::optional<ControlLoop> thread_;  // started by the first picture; last
};

}  // namespace livepusher::pipeline
