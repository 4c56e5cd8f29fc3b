// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/abandonable_thread.hpp"
#include "speaker/sound_output.hpp"
#include "speaker/speaker.hpp"

namespace livepusher::speaker {

/// What outputs there are: the sound server first, a card alone where it is named or there is no server.
struct OutputMakers {
    OutputMaker server;
    OutputMaker card;
};

/// A speaker with two threads: one feeds the device and may hang with it, the other watches it, and is the clock where
/// there is none.
class DeviceSpeaker final : public Speaker {
public:
    explicit DeviceSpeaker(OutputMakers makers);
    ~DeviceSpeaker() override;
    DeviceSpeaker(const DeviceSpeaker&) = delete;
    DeviceSpeaker& operator=(const DeviceSpeaker&) = delete;

    Result<void> open(const SpeakerOptions& options, SampleSource& source, SpeakerObserver& observer) override;
    void setRole(Role role) override;
    void setLatency(Timestamp latency) override;
    std::optional<Heard> heard() const override;
    void close() override;

private:
    struct Run;
    struct Watch;

    const OutputMakers makers_;
    mutable std::mutex mutex_;  ///< for run_, whose pointer the owner alone changes
    std::shared_ptr<Run> run_;  ///< with the device's thread, which may outlive this
    base::AbandonableThread device_;
    std::thread watch_;
};

}  // namespace livepusher::speaker
