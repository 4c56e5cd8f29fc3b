// SPDX-License-Identifier: MIT
#include "pipeline/video_lane.hpp"

#include "base/thread_name.hpp"
#include "media/matrix.hpp"
#include "media/orientation.hpp"

#include <algorithm>

namespace livepusher::pipeline {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// Pace of a picture that stands still (pause, camera off, a source that gives nothing): the contract's 5 fps.
constexpr Timestamp kStillInterval = 200ms;
/// A live source that is silent for so long has its last picture repeated. Pictures that come once a second are no stall,
/// though some milliseconds late.
constexpr Timestamp kStallAfter = 1050ms;
constexpr auto kCameraPatience = 10s;  // with a camera that is busy, or plugged in a little later
/// Longer than from one picture to the next of the slowest stream.
constexpr Timestamp kLongestHole = 4s;

Clock::time_point asTime(Timestamp t) { return Clock::time_point(std::chrono::duration_cast<Clock::duration>(t)); }

}  // namespace

VideoLane::VideoLane(Parts parts, const base::Latest<LaneSettings>& settings, encode::PacketSink& packets, LaneObserver& observer)
    : parts_(std::move(parts)),
      settings_(settings),
      observer_(observer),
      encoding_(std::move(parts_.encoder), packets, observer, counters_),
      renditions_(std::move(parts_.renditionEncoder), packets, observer),
      thread_([this] { runLane([this] { run(); }, [this] { closeSource(); }, observer_); }) {}

VideoLane::~VideoLane() {
    beginToEnd();
    thread_.join();
}

void VideoLane::beginToEnd() {
    parts_.source->interrupt();
    inbox_.close();
}

Shown VideoLane::lastShown() const {
    std::lock_guard lock(lastMutex_);
    return shared_;
}

capture::WantedVideo VideoLane::wanted() const {
    return {.width = settings_->resolved.width,
            .height = settings_->resolved.height,
            .fps = settings_->resolved.fps,
            .position = settings_->properties.devicePosition,
            .wishes = wishes(),
            .patience = kCameraPatience,
            .waits = settings_->properties.waitForDevices};
}

capture::VideoWishes VideoLane::wishes() const {
    const auto& p = settings_->properties;
    return {.autoFocus = p.autoFocus,
            .focus = p.focus,
            .zoom = settings_->camera.zoom,
            .torch = settings_->camera.torch,
            .insetPosition = p.insetPosition,
            .insetWidth = p.insetWidth};
}

void VideoLane::run() {
    base::nameThread("video");
    lastShownAt_ = now();
    followSettings();
    while (!inbox_.closed()) {
        const auto until = wakeAt();
        standstill_.expect(std::chrono::duration_cast<Timestamp>(until.time_since_epoch()), now());
        auto arrived = inbox_.popUntil(until);
        standstill_.noticed(now());
        if (settings_.refresh()) followSettings();
        if (knownFormat_.refresh() && sourceOpen_) followRate();
        if (inbox_.closed()) break;
        if (arrived) {
            if (std::exchange(cutsSeen_, arrived->cuts) != arrived->cuts) encoding_.forceKey();
            takeFrame(std::move(arrived->frame));
        } else if (asTime(now()) >= wakeAt()) {
            repeatStill();
        }
    }
    closeSource();
    encoding_.close();
    renditions_.close();
}

void VideoLane::followSettings() {
    const bool wantSource = settings_->wantsCamera() && state_.mayOpen();
    const auto want = wanted();
    const bool changed =
        want.width != opened_.width || want.height != opened_.height || want.fps != opened_.fps || want.position != position_;
    if (sourceOpen_ && (!wantSource || (parts_.reopens && changed))) closeSource();
    if (!sourceOpen_ && wantSource) openSource();
    if (sourceOpen_ && settings_->resolved.fps != rateFps_) followRate();
    if (sourceOpen_ && wishes() != wishes_) {
        wishes_ = wishes();
        parts_.source->follow(wishes_);
    }
    if (pushing_ != settings_->encode) {
        pushing_ = settings_->encode;
        lastPts_ = Timestamp{-1};
        if (!pushing_) encoding_.close();
    }
    if (pushing_)
        renditions_.follow(settings_->renditions);
    else
        renditions_.close();
}

void VideoLane::followRate() {
    rateFps_ = settings_->resolved.fps;
    rate_.configure(rateFps_, knownFormat_->fps, knownFormat_->constantRate);
}

void VideoLane::openSource() {
    const bool again = opened_.width > 0;  // after a pause: the stream runs, and must not wait for a camera
    opened_ = wanted();
    opened_.waits = opened_.waits || again;
    wishes_ = opened_.wishes;
    position_ = opened_.position;
    state_.opening();
    auto format = parts_.source->start(opened_, *this);
    if (!format) {
        state_.over(SourcePhase::Failed);  // the session decides what that means
        if (!inbox_.closed()) observer_.sourceFailed(format.error());
        return;
    }
    if (!format->description.empty()) {  // else it is waited for, and may have come already
        state_.arrived();
        format_.publish(*format);
    }
    knownFormat_.refresh();
    sourceOpen_ = true;
    rateFps_ = 0;  // configured before the first frame, by followSettings()
    lastShownAt_ = now();
    encoding_.forceKey();  // a cut: what follows has little in common with what was
    observer_.opened(std::move(format->description));
}

void VideoLane::ended() {
    state_.over(SourcePhase::Ended);
    observer_.ended();
}

void VideoLane::code(Code code, std::string what) {
    state_.take(code);
    inbox_.wake();
    observer_.code(code, std::move(what));
}

/// A camera that is away leaves its last picture, one that has not come yet none; of a screen that is gone nothing is to be seen
/// any more, and a file of sound alone never had a picture.
bool VideoLane::imageStandsIn() const {
    const auto phase = state_.phase();
    const bool none = phase == SourcePhase::Awaited || phase == SourcePhase::ScreenAway || phase == SourcePhase::Failed;
    return settings_->waitingImage && (!settings_->wantsCamera() || none);
}

void VideoLane::closeSource() {
    if (!sourceOpen_) return;
    parts_.source->stop();
    sourceOpen_ = false;
}

Clock::time_point VideoLane::wakeAt() const {
    if (!settings_->encode && (!settings_->preview || settings_->wantsCamera())) return Clock::now() + 1h;
    if (!sourceOpen_ || still_ || state_.phase() != SourcePhase::There) return asTime(lastShownAt_ + kStillInterval);
    return asTime(lastShownAt_ + std::max<Timestamp>(kStallAfter, 2s / settings_->resolved.fps));
}

void VideoLane::takeFrame(VideoFrame frame) {
    if (!sourceOpen_) return;  // what was still in the inbox at a pause
    if (standstill_.outlived(frame.pts)) {
        ++counters_.dropped;
        return;
    }
    if (!std::exchange(seenFrame_, true)) observer_.firstFrame();
    const auto decision = rate_.next(frame.pts);
    still_ = false;
    for (int i = 0; i < decision.repeats; ++i)
        if (last_.frame) encode(last_.frame, decision.firstRepeat + i * decision.interval);
    if (decision.take) show(renderedAndFitted(std::move(frame)), timeOf(decision.pts), true);
}

/// A source that can't keep up gives pictures from before the still one that stood in for them: they go on from there, or
/// nothing would be seen any more.
Timestamp VideoLane::timeOf(Timestamp pts) {
    if (!stoodIn_ || !settings_->encode) return pts;
    if (pts - settings_->origin > lastPts_) {
        stoodIn_ = false;
        return pts;
    }
    return now();
}

void VideoLane::request(capture::CameraRequest what) {
    if (what.what == capture::CameraRequest::What::Switch)
        what.reply = [this, reply = std::move(what.reply)](const Result<double>& outcome) {
            // The settings follow: they are not to open it anew.
            if (outcome)
                position_ = *outcome == static_cast<double>(DevicePosition::back) ? DevicePosition::back : DevicePosition::front;
            reply(outcome);
        };
    parts_.source->request(std::move(what));
}

VideoFrame VideoLane::renderedAndFitted(VideoFrame frame) {
    const auto target = size(*settings_);
    const auto budget = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(0.5 / settings_->resolved.fps));
    if (parts_.render) parts_.render->captured(frame, budget);
    parts_.effects->apply(frame, target, settings_->properties);
    if (parts_.render && parts_.render->beforeEncode(frame, budget)) {
        if (!base::orientationOf(frame).none() || base::sizeOf(frame) != target) frame = whole(frame, target);
    }
    return frame;
}

/// A still picture in the pushed size, undistorted, between bars where it has to be.
VideoFrame VideoLane::whole(VideoFrame still, base::PictureSize target) {
    return base::fitted(std::move(still), target, VideoFit::contain, false, fitMemory_);
}

/// While no live picture comes: the waiting image, or black for a camera that is switched off, or the last one.
void VideoLane::repeatStill() {
    const auto at = now();
    const auto target = size(*settings_);
    const auto fits = [&](const VideoFrame& f) { return f && base::sizeOf(f) == target; };
    still_ = stoodIn_ = true;
    const auto phase = state_.phase();
    if (imageStandsIn()) {
        // Held as it is too: the same picture has the same memory.
        const bool same = image_ && image_.plane(0) == settings_->waitingImage.plane(0);
        const bool bt709 = last_.frame ? last_.frame.bt709 : settings_->waitingImage.bt709;
        if (!same || !fits(fittedImage_) || fittedImage_.bt709 != bt709) {
            image_ = settings_->waitingImage;
            fittedImage_ = base::withMatrix(whole(image_, target), bt709);
        }
        show(fittedImage_, at, false);
    } else if (settings_->wantsCamera() ? !last_.frame && (phase == SourcePhase::Awaited || phase == SourcePhase::Failed)
                                        : !settings_->suspension.any() || !last_.frame) {  // a fresh frame is black
        auto black = VideoFrame::allocate(target.width, target.height);
        if (last_.frame) black.bt709 = last_.frame.bt709;
        show(std::move(black), at, false);
    } else if (last_.frame) {
        auto again = fits(last_.frame) ? last_.frame : whole(last_.frame, target);
        show(std::move(again), at, last_.live);
    } else {
        lastShownAt_ = at;
    }
}

void VideoLane::show(VideoFrame frame, Timestamp pts, bool live) {
    lastShownAt_ = std::max(lastShownAt_, now());
    last_ = {std::move(frame), live};
    auto before = last_;
    {
        std::lock_guard lock(lastMutex_);
        std::swap(shared_, before);
    }
    if (parts_.preview && settings_->preview) parts_.preview->show(last_);
    encode(last_.frame, pts);
}

void VideoLane::encode(const VideoFrame& frame, Timestamp pts) {
    if (!settings_->encode) return;
    if (skip_) {
        ++counters_.dropped;
        return;
    }
    auto timed = frame;
    timed.pts = pts - settings_->origin;
    if (timed.pts <= lastPts_ || timed.pts < Timestamp::zero()) {
        ++counters_.dropped;  // from before the push, or behind a still picture
        return;
    }
    // The wire counts milliseconds, the nearest, where decoders complain of two pictures at one: the second gets the next.
    using std::chrono::floor, std::chrono::milliseconds;
    if (lastPts_ >= Timestamp::zero())
        timed.pts = std::max<Timestamp>(timed.pts, floor<milliseconds>(lastPts_ + 500us) + milliseconds(1));
    // Pictures that an encoder holds back are not to wait for those behind a hole in time.
    if (lastPts_ >= Timestamp::zero() && timed.pts - lastPts_ > kLongestHole) {
        encoding_.close();
        renditions_.cut();
    }
    lastPts_ = timed.pts;
    encodeAll(timed);
}

/// The push's own first: where it has its key frames all have theirs.
void VideoLane::encodeAll(const VideoFrame& timed) {
    const auto& r = settings_->resolved;
    encode::VideoEncoderSettings wanted{.width = timed.width(),
                                        .height = timed.height(),
                                        .fps = r.fps,
                                        .gop = r.gop,
                                        .bitrate = settings_->adapted.bitrate,
                                        .lowLatency = r.lowLatency,
                                        .preset = settings_->properties.videoPreset,
                                        .bt709 = timed.bt709};
    VideoEncoding::Job job{.messages = messages_.take(), .captureOrigin = settings_->captureOrigin};
    job.key = encoding_.encode(timed, std::move(wanted), job);
    renditions_.give(timed, *settings_, job);
}

}  // namespace livepusher::pipeline
