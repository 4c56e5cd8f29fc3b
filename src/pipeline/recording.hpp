// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/events.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/send_queue.hpp"
#include "pipeline/uplink.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace livepusher::pipeline {

/// What is pushed, written to a file beside: from begin() on, so that a push that never comes about leaves no file, and
/// however its disk does. Belongs to the control thread, but for deliver().
class Recording final : public UplinkObserver {
public:
    /// `events` gets its failure, once, and Code::FileStalled.
    Recording(std::string path, std::unique_ptr<rtmp::Publisher> file, rtmp::PublisherSettings settings, TargetEvents events,
              KeyFrameSource& pictures);

    SendQueue& queue() { return queue_; }  ///< to be set up before the first deliver()
    void begin();                          ///< the push has begun; again: nothing
    void deliver(Packet packet);           ///< [any-thread]
    /// What is queued is written, so long at most, and the file completed. What it lacks is told then.
    void finish(std::chrono::milliseconds atMost);

private:
    void keyFrameWanted() override { pictures_.forceKey(); }
    void lost(Error why) override;
    std::uint64_t leftOut() const;  ///< packets, so far

    const std::string path_;
    rtmp::PublisherSettings settings_;
    const TargetEvents events_;
    KeyFrameSource& pictures_;
    SendQueue queue_;
    std::atomic<bool> begun_{false}, failed_{false};
    std::atomic<std::chrono::steady_clock::time_point> leftOutAt_{};
    std::uint64_t leftOutBefore_ = 0;        ///< the push began
    std::unique_ptr<rtmp::Publisher> file_;  // until begin()
    std::unique_ptr<Uplink> uplink_;
};

}  // namespace livepusher::pipeline
