// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>

#include "base/abandonable_thread.hpp"
#include "capture/source.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

/// A microphone or what the machine plays, with the thread that hears it. What goes away is told once, looked for, and
/// goes on when it is back.
class SoundSource final : public AudioSource {
public:
    explicit SoundSource(const Spec& spec);
    ~SoundSource() override;

    Result<void> start(const WantedAudio& wanted, Sink& sink) override;
    void stop() override;
    void interrupt() override;
    void setRole(AudioVolumeType role) override;
    void setMicChannels(MicChannels channels) override;

    // start() in two, for who starts several at once: [audio]

    /// Begins to open it. `persistent`: what can't be opened is looked for as what has gone, whatever opened() answers.
    void begin(const WantedAudio& wanted, Sink& sink, bool persistent);
    Result<void> opened();  ///< waits for that

private:
    struct Run;

    const Spec spec_;
    std::mutex mutex_;  ///< of run_ and interrupted_
    bool interrupted_ = false;
    std::shared_ptr<Run> run_;
    base::AbandonableThread thread_;
};

}  // namespace livepusher::capture
