// SPDX-License-Identifier: MIT
#include "pipeline/lanes.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"

#include <mutex>
#include <utility>

namespace livepusher::pipeline {

using capture::SourceKind;

namespace {

/// A source that can end or fail for good; others are devices, which come back, or the application.
bool isFinite(SourceKind kind) {
    return kind == SourceKind::File || kind == SourceKind::Raw || kind == SourceKind::Pcm || kind == SourceKind::Coded;
}

}  // namespace

Lanes::Lanes(const Stages& stages, Sources sources, ControlLoop& control, const base::Latest<LaneSettings>& settings,
             Output output)
    : stages_(stages), sources_(std::move(sources)), control_(control), settings_(settings), output_(std::move(output)) {}

template <typename Handle>
auto Lanes::report(Handle handle) {
    return control_.bind(open_, [this, handle](auto... arguments) { handle(*this, std::move(arguments)...); });
}

Result<void> Lanes::open(Hands hands) {
    auto made = stages_.sources(sources_, settings_.get()->properties);
    if (!made) return made.error();
    if (!settings_.get()->properties.enableCamera) {
        made->video.reset();
        made->coded.reset();
    }
    const bool picture = made->video || made->coded;
    if (!picture && !made->audio)
        return Error{Code::InvalidArgument, "nothing to push: there is neither a video nor an audio source"};
    open_.renew();
    videoKind_ = made->videoKind;
    audioKind_ = made->audioKind;
    videoSource_.open = videoSource_.ended = !picture;
    audioSource_.open = audioSource_.ended = made->audio == nullptr;
    auto running = base::attempt([&] {  // a lane is a thread
        if (made->video) makeVideo(std::move(made->video), std::move(hands));
        if (made->coded) makeCoded(std::move(made->coded));
        if (made->audio) makeAudio(std::move(made->audio));
    });
    if (!running) close();
    return running;
}

void Lanes::makeVideo(std::unique_ptr<capture::VideoSource> source, Hands hands) {
    const bool reopens = videoKind_ == SourceKind::Test || videoKind_ == SourceKind::Camera;
    VideoLane::Output output{
        .packets = output_.packets,
        .preview = output_.preview,
        .onCaptured = std::move(hands.onCaptured),
        .onBeforeEncode = std::move(hands.onBeforeEncode),
        .onOpened = report([](Lanes& l, const capture::VideoSourceFormat& format) {
            if (!format.description.empty())  // else it is waited for, and tells itself when it has come
                l.output_.onCode(l.videoKind_ == SourceKind::Screen ? Code::ScreenCaptureStarted : Code::CameraOpened,
                                 format.description);
            l.opened(l.videoSource_);
        }),
        .onSourceCode = report([](Lanes& l, Code code, const std::string& what) { l.happened(code, what); }),
        .onFirstFrame = report([](Lanes& l) { l.output_.onCode(Code::FirstFrameCaptured, "first frame captured"); }),
        .onEnded = report([](Lanes& l) { l.ended(l.videoSource_); }),
        .onSourceFailed = report([](Lanes& l, const Error& e) { l.videoFailed(e); }),
        .onEncoderStarted = report([](Lanes& l, const std::string& what) { l.output_.onCode(Code::EncoderStarted, what); }),
        .onEncoderRestarted = report([](Lanes& l, const Error& e) { l.output_.onCode(Code::VideoFrameFailed, e.message); }),
        .onEncoderFailed = report([](Lanes& l, const Error& e) { l.output_.onFailed(e); })};
    auto effects = stages_.videoEffects(report([](Lanes& l, Code code, const std::string& why) { l.output_.onCode(code, why); }));
    const auto& properties = settings_.get()->properties;
    auto encoder = stages_.videoEncoder(
        {.codec = properties.videoCodec,
         .type = properties.videoEncoder,
         .onCode = report([](Lanes& l, Code code, const std::string& why) { l.output_.onCode(code, why); })});
    auto lane = std::make_unique<VideoLane>(std::move(source), reopens, std::move(effects), std::move(encoder), settings_,
                                            std::move(output));
    std::unique_lock lock(mutex_);
    video_ = std::move(lane);
}

void Lanes::makeCoded(std::unique_ptr<capture::CodedVideoSource> source) {
    auto lane = std::make_unique<CodedLane>(
        std::move(source), settings_,
        CodedLane::Output{
            .packets = output_.packets,
            .onOpened = report([](Lanes& l, const std::string& what) {
                l.output_.onCode(Code::CameraOpened, what);
                l.opened(l.videoSource_);
            }),
            .onSourceCode = report([](Lanes& l, Code code, const std::string& what) { l.happened(code, what); }),
            .onFirstFrame = report([](Lanes& l) { l.output_.onCode(Code::FirstFrameCaptured, "first coded picture"); }),
            .onEnded = report([](Lanes& l) { l.ended(l.videoSource_); }),
            .onSourceFailed = report([](Lanes& l, const Error& e) { l.videoFailed(e); }),
            .onUnusable = report([](Lanes& l, const Error& e) { l.output_.onFailed(e); })});
    std::unique_lock lock(mutex_);
    coded_ = std::move(lane);
}

void Lanes::makeAudio(std::unique_ptr<capture::AudioSource> source) {
    auto lane = std::make_unique<AudioLane>(
        AudioLane::Parts{
            .source = std::move(source),
            .clock = stages_.clockMatcher({settings_.get()->resolved.audioSampleRate, settings_.get()->resolved.audioChannels}),
            .chain = stages_.audioChain,
            .encoder = stages_.audioEncoder(settings_.get()->resolved.audioCodec),
            .music = output_.music},
        settings_,
        AudioLane::Output{
            .packets = output_.packets,
            .onOpened = report([](Lanes& l) { l.opened(l.audioSource_); }),
            .onEnded = report([](Lanes& l) { l.ended(l.audioSource_); }),
            .onSourceFailed = report([](Lanes& l, const Error& e) { l.audioFailed(e); }),
            .onEncoderStarted = report([](Lanes& l, const std::string& what) { l.output_.onCode(Code::EncoderStarted, what); }),
            .onEncoderFailed = report([](Lanes& l, const Error& e) { l.output_.onFailed(e); }),
            .onSourceCode = report([](Lanes& l, Code code, const std::string& what) { l.happened(code, what); })});
    std::unique_lock lock(mutex_);
    audio_ = std::move(lane);
}

void Lanes::close() {
    open_.renew();
    std::unique_ptr<VideoLane> video;
    std::unique_ptr<CodedLane> coded;
    std::unique_ptr<AudioLane> audio;
    {
        std::unique_lock lock(mutex_);
        video.swap(video_);
        coded.swap(coded_);
        audio.swap(audio_);
    }
    // All at once: the two ends of one file open after each other, and either may be the one that waits; of sources that do
    // not answer each takes its time.
    if (video) video->beginToEnd();
    if (coded) coded->beginToEnd();
    if (audio) audio->beginToEnd();
    videoSource_ = audioSource_ = {};
}

bool Lanes::ready() const {
    const auto settings = settings_.get();  // what is suspended opens later
    return (videoSource_.open || !settings->wantsCamera()) && (audioSource_.open || !settings->wantsMicrophone());
}

void Lanes::settingsChanged() {
    if (video_) video_->settingsChanged();
    if (coded_) coded_->settingsChanged();
    if (audio_) audio_->settingsChanged();
}

/// Of a device that goes on or comes again.
void Lanes::happened(Code code, const std::string& what) {
    const auto* info = describeCode(static_cast<int>(code));
    if (info && info->severity == Severity::Failure) return output_.onTrouble({code, what});
    output_.onCode(code, what);
}

void Lanes::opened(Source& source) {
    source.open = true;
    output_.onOpened();
}

void Lanes::videoFailed(const Error& error) {
    if (!videoSource_.open) return failedToOpen(videoSource_, audio_ != nullptr, error);
    if (!isFinite(videoKind_)) return output_.onTrouble(error);
    if (video_) video_->abandonSource();
    if (coded_) coded_->abandonSource();
    brokeOff(videoSource_, audioSource_, error);
}

void Lanes::audioFailed(const Error& error) {
    if (!audioSource_.open) return failedToOpen(audioSource_, video_ || coded_, error);
    if (!isFinite(audioKind_)) return output_.onTrouble(error);
    audio_->abandonSource();
    brokeOff(audioSource_, videoSource_, error);
}

void Lanes::failedToOpen(Source& source, bool otherIsThere, const Error& error) {
    if (!otherIsThere || !isMissingTrack(error)) return output_.onFailed(error);
    source.ended = true;
    opened(source);
}

/// A file of sound or of pictures alone, which was to give both.
bool Lanes::isMissingTrack(const Error& error) const {
    const bool missing = error.native == capture::kNoSuchTrack && sources_.video == sources_.audio;
    if (missing) base::log(LogLevel::Warning, error.message);
    return missing;
}

void Lanes::brokeOff(Source& source, const Source& other, const Error& error) {
    if (source.failed) return;
    if (isMissingTrack(error)) return ended(source);
    source.failed = error;
    // Both ends of one file fail by one cause.
    const bool told = other.failed && sources_.video == sources_.audio && other.failed->message == error.message;
    if (!told) output_.onTrouble(error);
    followEnds();
}

void Lanes::ended(Source& source) {
    source.ended = true;
    followEnds();
}

/// A push of sources that have all come to their end is complete; where one of them broke off it is not.
void Lanes::followEnds() {
    if (!videoSource_.over() || !audioSource_.over()) return;
    if (const auto cause = videoSource_.failed ? videoSource_.failed : audioSource_.failed) return output_.onOver(*cause);
    if (!(video_ && audio_) || isFinite(videoKind_) || isFinite(audioKind_)) output_.onEnded();
}

void Lanes::forceKey() {
    std::shared_lock lock(mutex_);
    if (video_) video_->forceKey();
}

Result<void> Lanes::pushVideoFrame(const VideoFrameView& frame) {
    std::shared_lock lock(mutex_);
    if (!video_) return Error{Code::InvalidState, "pushVideoFrame: no video source is running"};
    return video_->push(frame);
}

Result<void> Lanes::pushCodedVideo(const CodedVideoView& unit) {
    std::shared_lock lock(mutex_);
    if (!coded_) return Error{Code::InvalidState, "pushCodedVideo: no \"coded\" video source is running"};
    return coded_->push(unit);
}

Result<void> Lanes::pushAudioBlock(const AudioBlockView& block) {
    std::shared_lock lock(mutex_);
    if (!audio_) return Error{Code::InvalidState, "pushAudioBlock: no audio source is running"};
    return audio_->push(block);
}

}  // namespace livepusher::pipeline
