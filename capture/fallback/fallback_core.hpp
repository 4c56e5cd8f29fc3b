// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "capture/fallback/fallback_source.hpp"
#include "capture/fallback/picture_watch.hpp"
#include "capture/sink_gate.hpp"

namespace livepusher::capture {

/// What the two ends of makeFallback() share: the source, its standby, and the choice between them. The ends of both sides call
/// in on their threads; what is forwarded is chosen inside the sink's gate, so that nothing of the other side follows a cut.
class FallbackCore final : RunnerObserver {
public:
    FallbackCore(FallbackOptions options, std::unique_ptr<AudioSource> beside);
    ~FallbackCore();
    FallbackCore(const FallbackCore&) = delete;
    FallbackCore& operator=(const FallbackCore&) = delete;

    Result<VideoSourceFormat> startPicture(const WantedVideo& wanted, VideoSource::Sink& sink);
    void stopPicture();
    void follow(const VideoWishes& wishes);
    Result<void> startSound(const WantedAudio& wanted, AudioSource::Sink& sink);
    void stopSound();
    /// What of the wanted sound changes while it runs. [audio]
    void follow(AudioVolumeType role, MicChannels channels);
    void interrupt();

    SourceRunner& main() { return main_; }  ///< for what goes past us
    AudioSource* beside() { return beside_.get(); }

private:
    /// The sound that is no part of the source.
    struct Beside final : AudioSource::Sink {
        explicit Beside(FallbackCore& core) : to(core) {}
        void samples(const float* samples, std::size_t frames, Timestamp pts) override {
            to.samples(Side::Main, samples, frames, pts);
        }
        void code(Code code, std::string what) override { to.sound_.tell(&AudioSource::Sink::code, code, std::move(what)); }
        void ended() override { to.sound_.ended(); }
        void failed(Error why) override { to.sound_.failed(why); }
        FallbackCore& to;
    };
    /// What is to be told once a choice is made.
    struct Told {
        std::optional<VideoSourceFormat> format{};
        std::optional<std::string> opened{};  ///< the source is there, for the first time or again
        bool returned = false;
        bool cut = false;
        std::optional<std::string> began{}, ended{};
        bool forward = false;
    };

    // Of the runners:
    void frame(Side side, VideoFrame frame) override;
    void samples(Side side, const float* samples, std::size_t frames, Timestamp pts) override;
    void formatChanged(Side side, VideoSourceFormat format) override;
    void code(Side side, Code code, std::string what) override;
    bool pictureStarted(Side side, const Result<VideoSourceFormat>& format) override;
    bool soundStarted(Side side, const Result<void>& started) override;
    bool ended(Side side, bool picture, bool all) override;
    bool failed(Side side, bool picture, const Error& why) override;

    Told choose(Side side, bool leads);
    void arrived(Told& told);
    void judge(Timestamp at);
    void rejudge();
    Result<void> wantAll();
    bool bears(const Error& why) const;
    bool isPipe() const { return options_.mainIsPipe && options_.mainIsPipe(); }
    void standbyWants(const SourceRunner::Ends& ends);
    SourceRunner::Ends standbyEnds() const;
    void backToMain();
    bool mainFailed(const Error& why);
    void standbyFailed(const Error& why);
    void tell(Code code, std::string what);
    void watchTime();
    template <typename Answer>
    bool awaitAnswer(std::optional<Answer>& answer);

    const FallbackOptions options_;
    const bool watchesPicture_, watchesSound_;
    const std::unique_ptr<AudioSource> beside_;
    SinkGate<VideoSource::Sink> picture_;
    SinkGate<AudioSource::Sink> sound_;
    Beside besideSink_{*this};
    PictureWatch look_;  // of the source's thread

    std::mutex mutex_;  ///< of what follows
    std::condition_variable changed_;
    FallbackDecider decider_;
    std::optional<WantedVideo> wantedPicture_;
    std::optional<WantedAudio> wantedSound_;
    unsigned pictureRun_ = 0, soundRun_ = 0;  ///< which start() it is
    std::optional<Result<VideoSourceFormat>> pictureAnswer_;
    std::optional<Result<void>> soundAnswer_;
    std::optional<FallbackOn> fault_;  ///< what the standby is wanted for
    Side onAir_ = Side::Main;
    VideoSourceFormat mainFormat_, standbyFormat_;
    bool hasPicture_ = false;  ///< pictures lead: they were wanted once
    bool pictureEnded_ = false, soundEnded_ = false;
    bool waiting_ = false;    ///< start() has answered before the source was there
    bool toldOpened_ = true;  ///< or start() has told it
    bool everThere_ = false, lossTold_ = false, standbyFailureTold_ = false, standbyGave_ = false;
    bool interrupted_ = false, quit_ = false;

    SourceRunner main_, standby_;
    std::thread clock_;  ///< judges where nothing comes
};

}  // namespace livepusher::capture
