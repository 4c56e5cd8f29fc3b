// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/media.hpp>
#include "base/worker.hpp"
#include "session/reply.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace livepusher::session {

/// Writes pictures on a thread of its own, so that neither stream nor control waits for a disk. Belongs to control.
class Snapshots {
public:
    using Reply = ReplyWith<SnapshotResult>;

    /// Writes a picture there. [snapshot]
    using Write = std::function<Result<void>(const VideoFrame&, SnapshotQuality, const std::string& path)>;

    explicit Snapshots(Write write) : write_(std::move(write)) {}
    ~Snapshots();  ///< writes what is waiting; where the disk doesn't answer for a second, answers that
    Snapshots(const Snapshots&) = delete;
    Snapshots& operator=(const Snapshots&) = delete;

    /// `path` empty: the picture is in no file.
    static SnapshotResult resultOf(const VideoFrame& frame, std::string path = {}) {
        return {.errMsg = "snapshot:ok",
                .tempImagePath = std::move(path),
                .width = frame.width(),
                .height = frame.height(),
                .frame = frame};
    }

    /// `directory` empty: the system's temporary one. The reply comes on the writing thread, or at once with
    /// InvalidState when kMaxWaiting pictures are waiting: each holds its memory.
    void take(VideoFrame frame, SnapshotQuality quality, const std::string& directory, Reply reply);

private:
    static constexpr std::size_t kMaxWaiting = 32;

    /// Who waits for a response: each gets one, from the writing thread or from the end.
    struct Waiting {
        std::mutex mutex;
        std::condition_variable changed;
        std::map<std::uint64_t, Reply> replies;
        int answering = 0;
        void answer(std::uint64_t number, Result<SnapshotResult> taken);
    };

    const Write write_;
    const std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();
    std::uint64_t taken_ = 0;
    base::Worker worker_{"snapshot"};
};

}  // namespace livepusher::session
