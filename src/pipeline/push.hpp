// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/link.hpp"
#include "pipeline/outputs.hpp"
#include "pipeline/recording.hpp"
#include "pipeline/stages.hpp"

#include <memory>

namespace livepusher::pipeline {

/// One push, from start to stop: the queue that its packets go through, the link to the server and
/// the recording beside it. Belongs to the control thread, but for deliver().
class Push final : public PublishingObserver {
public:
    struct Settings {
        base::Url url;
        Outputs outputs;
        bool video = true, audio = true;
    };
    Push(const Stages& stages, ControlLoop& control, Events& events, const Properties& properties, Settings settings,
         KeyFrameSource& pictures, PublishingObserver& observer);
    Push(const Push&) = delete;
    Push& operator=(const Push&) = delete;

    /// Until then the server hears of no stream.
    void sourcesOpen() { queue_.sourcesOpen(); }
    /// True when the queue had to drop pictures and wants a key frame. [any-thread]
    bool deliver(Packet packet);
    /// What is queued goes out, 700 ms long at most (`inOrder`: to the server; to the recording always);
    /// then both are closed.
    void finish(bool inOrder);

    bool everPublished() const { return everPublished_; }
    const Link& link() const { return *link_; }
    SendQueue::Counts queued() const { return queue_.counts(); }

private:
    void published() override;
    void interrupted() override { observer_.interrupted(); }
    void gaveUp(const Error& cause) override { observer_.gaveUp(cause); }

    PublishingObserver& observer_;
    SendQueue queue_;
    bool everPublished_ = false;
    std::unique_ptr<Recording> recording_;
    std::unique_ptr<Link> link_;
};

}  // namespace livepusher::pipeline
