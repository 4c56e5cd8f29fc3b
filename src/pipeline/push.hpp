// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/outputs.hpp"
#include "pipeline/recording.hpp"
#include "pipeline/stages.hpp"
#include "pipeline/targets.hpp"

#include <memory>

namespace livepusher::pipeline {

/// One push, from start to stop: the targets that its packets go to, and the recording beside them. Belongs to the control
/// thread, but for deliver().
class Push final : public PushObserver {
public:
    struct Settings {
        Outputs outputs;
        Targets::Tracks tracks;
    };
    Push(const Stages& stages, session::ControlLoop& control, Events& events, const Properties& properties, Settings settings,
         KeyFrameSource& pictures, PushObserver& observer);
    Push(const Push&) = delete;
    Push& operator=(const Push&) = delete;

    /// Until then the servers hear of no stream.
    void sourcesOpen() { targets_.sourcesOpen(); }
    /// Other targets in `properties`, which are valid.
    void follow(const Properties& properties) { targets_.follow(properties, file_); }
    /// True when a key frame is wanted, because a queue had to drop pictures. [any-thread]
    bool deliver(Packet packet);
    /// What is queued goes out, 700 ms long at most (`inOrder`: to the targets; to the recording always);
    /// then all are closed.
    void finish(bool inOrder);

    const Targets& targets() const { return targets_; }
    Targets& targets() { return targets_; }

private:
    void published() override;
    void connected(const TargetPush& target) override { observer_.connected(target); }
    void interrupted() override { observer_.interrupted(); }
    void gaveUp(const Error& cause) override { observer_.gaveUp(cause); }
    void renditionsChanged() override { observer_.renditionsChanged(); }
    bool fallBack(bool pictures, bool sound) override { return !(pictures && recording_) && observer_.fallBack(pictures, sound); }

    PushObserver& observer_;
    const rtmp::FileSettings file_;
    Targets targets_;
    std::unique_ptr<Recording> recording_;  // asks the targets' key frames
};

}  // namespace livepusher::pipeline
