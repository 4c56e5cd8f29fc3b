// SPDX-License-Identifier: MIT
#include "pipeline/lanes.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "pipeline/codec_switch.hpp"

#include <mutex>
#include <utility>

namespace livepusher::pipeline {

using capture::SourceKind;
using capture::traitsOf;

/// Brings what a lane reports to control.
class Lanes::Reports final : public LaneObserver {
public:
    Reports(Lanes& lanes, Source& source) : lanes_(lanes), source_(&source), open_(lanes.open_.now()) {}

    void opened(std::string description) override { report(&Lanes::opened, source_, std::move(description)); }
    void code(Code code, std::string what) override { report(&Lanes::happened, code, std::move(what)); }
    void firstFrame() override { report(&Lanes::firstFrame); }
    void ended() override { report(&Lanes::ended, source_); }
    void sourceFailed(Error why) override { report(&Lanes::sourceFailed, source_, std::move(why)); }
    void encoderStarted(std::string what) override { report(&Lanes::happened, Code::EncoderStarted, std::move(what)); }
    void encoderRestarted(Error why) override { report(&Lanes::happened, Code::VideoFrameFailed, std::move(why.message)); }
    void encoderFailed(Error why) override { report(&Lanes::failed, std::move(why)); }
    void renditionCode(int number, Code code, std::string what) override {
        report(&Lanes::renditionTold, number, code, std::move(what));
    }
    void renditionFailed(int number, Error why) override { report(&Lanes::renditionFailed, number, std::move(why)); }

private:
    template <typename Method, typename... Arguments>
    void report(Method method, Arguments&&... arguments) {
        lanes_.control_.report(open_, method, &lanes_, std::forward<Arguments>(arguments)...);
    }

    Lanes& lanes_;
    Source* const source_;
    const session::Lifetime::Stretch open_;
};

Lanes::Lanes(const Stages& stages, Sources sources, session::ControlLoop& control, Events& events,
             const base::Latest<LaneSettings>& settings, Output output)
    : stages_(stages), sources_(std::move(sources)), control_(control), events_(events), settings_(settings), output_(output) {}

Lanes::~Lanes() = default;

Result<void> Lanes::open(RenderHooks* render) {
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
    videoSource_ = {.kind = made->videoKind, .open = !picture, .ended = !picture};
    audioSource_ = {.kind = made->audioKind, .open = !made->audio, .ended = !made->audio};
    auto running = base::attempt([&] {  // a lane is a thread
        videoReports_ = std::make_unique<Reports>(*this, videoSource_);
        audioReports_ = std::make_unique<Reports>(*this, audioSource_);
        if (made->video) makeVideo(std::move(made->video), render);
        if (made->coded)
            keep(std::make_unique<PacketLane>(std::move(made->coded), settings_, output_.packets, *videoReports_), nullptr);
        if (made->audio) makeAudio(std::move(made->audio));
    });
    if (!running) close();
    return running;
}

void Lanes::makeVideo(std::unique_ptr<capture::VideoSource> source, RenderHooks* render) {
    const auto tell = control_.bind(open_, [this](Code code, const std::string& why) { events_.code(code, why); });
    const auto& properties = settings_.get()->properties;
    const auto encoder =
        [make = stages_.videoEncoder,
         choice = encode::VideoEncoderChoice{.codec = properties.videoCodec, .type = properties.videoEncoder, .onCode = tell},
         this]() -> std::unique_ptr<encode::VideoEncoder> { return std::make_unique<CodecSwitch>(make, choice, toH264_); };
    auto lane = std::make_unique<VideoLane>(VideoLane::Parts{.source = std::move(source),
                                                             .reopens = traitsOf(videoSource_.kind).madeToOrder,
                                                             .effects = stages_.videoEffects(tell),
                                                             .encoder = encoder(),
                                                             .renditionEncoder = encoder,
                                                             .render = render,
                                                             .preview = output_.preview},
                                            settings_, output_.packets, *videoReports_);
    auto* const video = lane.get();
    keep(std::move(lane), video);
}

void Lanes::keep(std::unique_ptr<PictureLane> lane, VideoLane* video) {
    std::unique_lock lock(mutex_);
    picture_ = std::move(lane);
    video_ = video;
}

void Lanes::makeAudio(std::unique_ptr<capture::AudioSource> source) {
    const auto& resolved = settings_.get()->resolved;
    auto lane = std::make_unique<AudioLane>(
        AudioLane::Parts{.source = std::move(source),
                         .clock = stages_.clockMatcher({resolved.audioSampleRate, resolved.audioChannels}),
                         .chain = stages_.audioChain,
                         .encoder = stages_.audioEncoder,
                         .music = &output_.music},
        settings_, output_.packets, *audioReports_);
    std::unique_lock lock(mutex_);
    audio_ = std::move(lane);
}

void Lanes::close() {
    open_.renew();
    std::unique_ptr<PictureLane> picture;
    std::unique_ptr<AudioLane> audio;
    {
        std::unique_lock lock(mutex_);
        picture.swap(picture_);
        video_ = nullptr;
        audio.swap(audio_);
    }
    // All at once: the two ends of one file open after each other, and either may be the one that waits; of sources that do
    // not answer each takes its time.
    if (picture) picture->beginToEnd();
    if (audio) audio->beginToEnd();
    videoSource_ = audioSource_ = {};
    audio.reset();
    picture.reset();
    toH264_ = false;
}

bool Lanes::ready() const {
    const auto settings = settings_.get();  // what is suspended opens later
    return (videoSource_.open || !settings->wantsCamera()) && (audioSource_.open || !settings->wantsMicrophone());
}

void Lanes::settingsChanged() {
    if (picture_) picture_->settingsChanged();
    if (audio_) audio_->settingsChanged();
}

/// Of an encoder, or of a device that goes on or comes again.
void Lanes::happened(Code code, const std::string& what) {
    const auto* info = describeCode(static_cast<int>(code));
    if (info && info->severity == Severity::Failure) return events_.error({code, what});
    events_.code(code, what);
}

void Lanes::opened(Source* source, const std::string& description) {
    if (source == &videoSource_ && !description.empty())
        events_.code(source->kind == SourceKind::Screen ? Code::ScreenCaptureStarted : Code::CameraOpened, description);
    setOpen(*source);
}

void Lanes::setOpen(Source& source) {
    source.open = true;
    output_.observer.sourceOpened();
}

void Lanes::firstFrame() { events_.code(Code::FirstFrameCaptured, video_ ? "first frame captured" : "first coded picture"); }

void Lanes::sourceFailed(Source* source, const Error& error) {
    if (!source->open) return failedToOpen(*source, error);
    if (!traitsOf(source->kind).reads) return events_.error(error);
    source == &videoSource_ ? picture_->abandonSource() : audio_->abandonSource();
    brokeOff(*source, error);
}

void Lanes::failedToOpen(Source& source, const Error& error) {
    const bool otherIsThere = &source == &videoSource_ ? audio_ != nullptr : picture_ != nullptr;
    if (!otherIsThere || !isMissingTrack(error)) return failed(error);
    source.ended = true;
    setOpen(source);
}

/// A file of sound or of pictures alone, which was to give both.
bool Lanes::isMissingTrack(const Error& error) const {
    const bool missing = error.native == capture::kNoSuchTrack && sources_.video == sources_.audio;
    if (missing) base::log(LogLevel::Warning, error.message);
    return missing;
}

void Lanes::brokeOff(Source& source, const Error& error) {
    if (source.failed) return;
    if (isMissingTrack(error)) return ended(&source);
    source.failed = error;
    // Both ends of one file fail by one cause.
    const auto& before = (&source == &videoSource_ ? audioSource_ : videoSource_).failed;
    const bool told = before && sources_.video == sources_.audio && before->message == error.message;
    if (!told) events_.error(error);
    followEnds();
}

void Lanes::ended(Source* source) {
    source->ended = true;
    followEnds();
}

/// A push of sources that have all come to their end is complete; where one of them broke off it is not.
void Lanes::followEnds() {
    if (!videoSource_.over() || !audioSource_.over()) return;
    if (const auto cause = videoSource_.failed ? videoSource_.failed : audioSource_.failed)
        return output_.observer.sourcesOver(*cause);
    if (!(video_ && audio_) || traitsOf(videoSource_.kind).reads || traitsOf(audioSource_.kind).reads)
        output_.observer.sourcesEnded();
}

bool Lanes::encodeAsH264() {
    if (video_) toH264_ = true;
    return video_ != nullptr;
}

void Lanes::forceKey() {
    std::shared_lock lock(mutex_);
    if (picture_) picture_->forceKey();
}

Result<void> Lanes::pushVideoFrame(const VideoFrameView& frame) {
    std::shared_lock lock(mutex_);
    return picture_ ? picture_->push(frame) : PictureLane::noneRuns(frame);
}

Result<void> Lanes::pushCodedVideo(const CodedVideoView& unit) {
    std::shared_lock lock(mutex_);
    return picture_ ? picture_->push(unit) : PictureLane::noneRuns(unit);
}

Result<void> Lanes::pushAudioBlock(const AudioBlockView& block) {
    std::shared_lock lock(mutex_);
    if (!audio_) return Error{Code::InvalidState, "pushAudioBlock: no audio source is running"};
    return audio_->push(block);
}

}  // namespace livepusher::pipeline
