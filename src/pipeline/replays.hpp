// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/events.hpp"
#include "pipeline/replay_buffer.hpp"
#include "pipeline/stages.hpp"
#include "session/reply.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

/// Keeps the last seconds of a push, and writes them to files on a thread of its own, one after another. Belongs to control,
/// but for what is tagged otherwise.
class Replays {
public:
    using MakePublisher = decltype(Stages::publisher);

    Replays(MakePublisher makePublisher, Events& events) : makePublisher_(std::move(makePublisher)), events_(events) {}
    ~Replays();  ///< what is being written has a second to end
    Replays(const Replays&) = delete;
    Replays& operator=(const Replays&) = delete;

    void begin(const Properties& properties);                  ///< a push
    void end() { buffer_.begin({}); }                          ///< of it
    void keep(const Packet& packet) { buffer_.keep(packet); }  ///< [any-thread]

    /// Code::FileBegan tells the file's name, which is never one that is there already or one of `inputs`. The reply comes on the
    /// writing thread when the file is whole, or at once. Errors: InvalidArgument, no path; InvalidState, nothing is kept or one
    /// is being written; FileFailed.
    void save(const std::string& path, std::function<std::vector<std::string>()> inputs, session::Reply reply);

private:
    void finish(std::chrono::milliseconds patience);

    const MakePublisher makePublisher_;
    Events& events_;
    ReplayBuffer buffer_;
    int seconds_ = 0;
    VideoCodec videoCodec_ = VideoCodec::h264;
    std::unique_ptr<rtmp::Publisher> file_;  // of the thread, while it runs
    std::future<void> over_;
    std::thread thread_;
};

}  // namespace livepusher::pipeline
