// SPDX-License-Identifier: MIT
#include "capture/fallback/fallback_source.hpp"

#include <atomic>
#include <utility>

#include "capture/fallback/fallback_core.hpp"

namespace livepusher::capture {
namespace {

class FallbackVideo final : public VideoSource {
public:
    explicit FallbackVideo(std::shared_ptr<FallbackCore> core) : core_(std::move(core)) {}
    ~FallbackVideo() override { FallbackVideo::stop(); }
    Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink& sink) override { return core_->startPicture(wanted, sink); }
    void stop() override { core_->stopPicture(); }
    void interrupt() override { core_->interrupt(); }
    void follow(const VideoWishes& wishes) override { core_->follow(wishes); }
    void request(CameraRequest request) override { core_->main().request(std::move(request)); }
    Result<void> push(const VideoFrameView& frame) override { return core_->main().push(frame); }

private:
    const std::shared_ptr<FallbackCore> core_;
};

class FallbackAudio final : public AudioSource {
public:
    explicit FallbackAudio(std::shared_ptr<FallbackCore> core) : core_(std::move(core)) {}
    ~FallbackAudio() override { FallbackAudio::stop(); }
    Result<void> start(const WantedAudio& wanted, Sink& sink) override {
        role_ = wanted.role;
        channels_ = wanted.micChannels;
        return core_->startSound(wanted, sink);
    }
    void stop() override { core_->stopSound(); }
    void interrupt() override { core_->interrupt(); }
    void setRole(AudioVolumeType role) override { core_->follow(role_ = role, channels_); }
    void setMicChannels(MicChannels channels) override { core_->follow(role_, channels_ = channels); }
    Result<void> push(const AudioBlockView& block) override {
        return core_->beside() ? core_->beside()->push(block) : core_->main().push(block);
    }

private:
    const std::shared_ptr<FallbackCore> core_;
    // [audio]
    AudioVolumeType role_ = AudioVolumeType::automatic;
    MicChannels channels_ = MicChannels::automatic;
};

}  // namespace

SourcePair makeFallback(FallbackOptions options, bool picture, bool sound, std::unique_ptr<AudioSource> beside) {
    auto core = std::make_shared<FallbackCore>(std::move(options), std::move(beside));
    SourcePair pair;
    if (picture) pair.video = std::make_unique<FallbackVideo>(core);
    if (sound) pair.audio = std::make_unique<FallbackAudio>(core);
    return pair;
}

}  // namespace livepusher::capture
