// SPDX-License-Identifier: MIT
#include "pipeline/session.hpp"

#include "base/log.hpp"
#include "properties/table.hpp"

#include <cmath>
#include <mutex>
#include <optional>
#include <utility>

namespace livepusher::pipeline {

using namespace std::chrono_literals;
using capture::SourceKind;

/// One push: the queues its packets go through and what serves them.
struct Session::Push {
    SendQueue queue{2s};
    SendQueue recordQueue{Timestamp::zero()};
    std::unique_ptr<Link> link;
    std::unique_ptr<Uplink> recorder;
    bool hasPublished = false;
};

namespace {

/// Time stamps begin a little above zero: an encoder's priming reaches before the first sample.
constexpr Timestamp kHeadroom = 100ms;
/// What stop() leaves for what is queued; with the joins around it, stop() stays under 1 s.
constexpr auto kDrain = 700ms;

Orders makeOrders(const Properties& properties) { return {.properties = properties, .resolved = resolve(properties)}; }

void applyDebug(const Properties& p) {
    if (p.debug) setLogLevel(LogLevel::Debug);
}

}  // namespace

Session::Session(ContextOptions& options, Stages stages, ControlLoop& control, Events& events)
    : sources_(options.sources),
      recordPath_(options.recordPath),
      onSourceEnded_(options.onSourceEnded),
      stages_(std::move(stages)),
      control_(control),
      events_(events),
      orders_(validate(options.properties) ? makeOrders(options.properties)
                                           : Orders{.properties = options.properties, .resolved = {}}),
      snapshots_(stages_.writePicture) {
    if (events_.handlers().onPreviewFrame)
        preview_ = std::make_unique<Preview>(
            [this](const VideoFrame& frame) { events_.handlers().onPreviewFrame(mirroredForView(frame)); });
    applyDebug(options.properties);
}

Session::~Session() { stop(); }

bool Session::move(Input input) {
    const auto to = next(phase_, input);
    if (to) phase_ = *to;
    return to.has_value();
}

Result<void> Session::wrongState(const char* method, const char* need) const {
    return Error{Code::InvalidState, std::string(method) + ": the context is " + std::string(toString(state())) + "; " + need};
}

// --- lanes -----------------------------------------------------------------------------------

template <typename Handle>
auto Session::report(Handle handle) {
    return [this, handle, now = laneEpoch_, life = std::weak_ptr(alive_)](auto... arguments) {
        control_.post([=, this] {
            if (!life.expired() && laneEpoch_ == now) handle(*this, arguments...);
        });
    };
}

Result<void> Session::openLanes() {
    const auto& p = orders_.get()->properties;
    auto made = stages_.sources(sources_);
    if (!made) return made.error();
    if (!p.enableCamera) made->video.reset();
    if (!made->video && !made->audio)
        return Error{Code::InvalidArgument, "nothing to push: there is neither a video nor an audio source"};
    ++laneEpoch_;
    videoKind_ = made->videoKind;
    audioKind_ = made->audioKind;
    videoOpen_ = videoEnded_ = made->video == nullptr;
    audioOpen_ = audioEnded_ = made->audio == nullptr;
    if (made->video) makeVideoLane(std::move(made->video));
    if (made->audio) makeAudioLane(std::move(made->audio));
    return {};
}

void Session::makeVideoLane(std::unique_ptr<capture::VideoSource> source) {
    const bool reopens = videoKind_ == SourceKind::Test || videoKind_ == SourceKind::Camera;
    VideoLane::Output output{
        .packets = [this](Packet p) { deliver(std::move(p)); },
        .preview = {},
        .onOpened = report([](Session& s, const capture::VideoSourceFormat& format) {
            s.events_.code(s.videoKind_ == SourceKind::Screen ? Code::ScreenCaptureStarted : Code::CameraOpened,
                           format.description);
            s.sourceOpened(true);
        }),
        .onFirstFrame = report([](Session& s) { s.events_.code(Code::FirstFrameCaptured, "first frame captured"); }),
        .onEnded = report([](Session& s) { s.sourceEnded(true); }),
        .onSourceFailed = report([](Session& s, const Error& e) { s.sourceFailed(true, e); }),
        .onEncoderStarted = report([](Session& s, const std::string& what) { s.events_.code(Code::EncoderStarted, what); }),
        .onEncoderRestarted = report([](Session& s, const Error& e) { s.events_.code(Code::VideoFrameFailed, e.message); }),
        .onEncoderFailed = report([](Session& s, const Error& e) { s.encoderFailed(e); })};
    if (preview_) output.preview = [preview = preview_.get()](const VideoFrame& frame) { preview->show(frame); };
    auto lane = std::make_unique<VideoLane>(std::move(source), reopens, stages_.videoEffects(), stages_.videoEncoder(), orders_,
                                            std::move(output));
    std::unique_lock lock(lanesMutex_);
    video_ = std::move(lane);
}

void Session::makeAudioLane(std::unique_ptr<capture::AudioSource> source) {
    auto lane = std::make_unique<AudioLane>(
        std::move(source), stages_.audioEncoder(), orders_,
        AudioLane::Output{
            .packets = [this](Packet p) { deliver(std::move(p)); },
            .onOpened = report([](Session& s) { s.sourceOpened(false); }),
            .onEnded = report([](Session& s) { s.sourceEnded(false); }),
            .onSourceFailed = report([](Session& s, const Error& e) { s.sourceFailed(false, e); }),
            .onEncoderStarted = report([](Session& s, const std::string& what) { s.events_.code(Code::EncoderStarted, what); }),
            .onEncoderFailed = report([](Session& s, const Error& e) { s.encoderFailed(e); })});
    std::unique_lock lock(lanesMutex_);
    audio_ = std::move(lane);
}

void Session::closeLanes() {
    ++laneEpoch_;
    std::unique_ptr<VideoLane> video;
    std::unique_ptr<AudioLane> audio;
    {
        std::unique_lock lock(lanesMutex_);
        video.swap(video_);
        audio.swap(audio_);
    }
}

void Session::give(const std::function<void(Orders&)>& change) {
    Orders next = *orders_.get();
    change(next);
    orders_.publish(std::move(next));
    if (video_) video_->ordersChanged();
    if (audio_) audio_->ordersChanged();
}

void Session::deliver(Packet packet) {
    bool wantKey = false;
    {
        std::shared_lock lock(pushMutex_);
        if (!push_) return;
        if (push_->recorder) push_->recordQueue.push(packet);
        wantKey = push_->queue.push(std::move(packet));
    }
    if (wantKey) {
        std::shared_lock lock(lanesMutex_);
        if (video_) video_->forceKey();
    }
}

void Session::sourceOpened(bool video) {
    (video ? videoOpen_ : audioOpen_) = true;
    settle();
}

void Session::sourceFailed(bool video, const Error& error) {
    const bool wasOpen = video ? videoOpen_ : audioOpen_;
    const bool otherServes = sources_.video == sources_.audio && (video ? audio_ != nullptr : video_ != nullptr);
    if (!wasOpen && otherServes && error.native == capture::kNoSuchTrack) {  // a file of sound or of pictures alone
        base::log(LogLevel::Warning, error.message);
        if (video)
            videoEnded_ = true;
        else
            audioEnded_ = true;
        return sourceOpened(video);
    }
    if (!wasOpen) return fail(error);
    events_.error(error);  // the push goes on with the last picture or silence
}

void Session::sourceEnded(bool video) {
    (video ? videoEnded_ : audioEnded_) = true;
    const bool device = (video_ && videoKind_ != SourceKind::File && videoKind_ != SourceKind::Raw) &&
                        (audio_ && audioKind_ != SourceKind::File && audioKind_ != SourceKind::Pcm);
    if (videoEnded_ && audioEnded_ && !device && onSourceEnded_) events_.call(onSourceEnded_);
}

void Session::encoderFailed(const Error& error) { fail(error); }

// --- push ------------------------------------------------------------------------------------

void Session::start(Reply reply) {
    const auto orders = orders_.get();
    if (!next(phase_, Input::Start)) return reply(wrongState("start", "stop() it first"));
    if (auto valid = validate(orders->properties); !valid) return reply(valid);
    if (orders->properties.url.empty()) return reply(Error{Code::InvalidArgument, "start: url is not set"});
    auto url = base::Url::parse(orders->properties.url);
    if (!url) return reply(url.error());
    if (video_ && !orders->properties.enableCamera) closeLanes();  // a preview's: the push is to have no video track

    move(Input::Start);
    beginPush(std::move(*url));
    startReply_ = std::move(reply);
    const bool open = video_ || audio_;
    give([](Orders& o) {
        o.encode = true;
        o.paused = false;
        o.origin = now() - kHeadroom;
    });
    if (!open)
        if (auto opened = openLanes(); !opened) return fail(opened.error());
    tick(pushEpoch_);
}

void Session::beginPush(base::Url url) {
    const auto p = orders_.get()->properties;
    ++pushEpoch_;
    meter_.restart();
    auto push = std::make_unique<Push>();
    rtmp::PublisherSettings settings;
    settings.caFile = p.caFile;
    const auto wantKey = [this] {
        std::shared_lock lock(lanesMutex_);
        if (video_) video_->forceKey();
    };
    Push& made = *push;
    const bool video = p.enableCamera && sources_.video != "none";
    for (auto* queue : {&made.queue, &made.recordQueue}) queue->expect(video, sources_.audio != "none");
    {
        std::unique_lock lock(pushMutex_);
        push_ = std::move(push);
    }
    if (!recordPath_.empty()) {
        made.recorder = std::make_unique<Uplink>(stages_.publisher(base::Url::Scheme::FlvFile), base::Url::file(recordPath_),
                                                 settings, made.recordQueue,
                                                 Uplink::Output{.onTransport = [] {},
                                                                .onConnected = [] {},
                                                                .wantKey = wantKey,
                                                                .onLost = [this](const Error& e) { events_.error(e); }});
    }
    made.link = std::make_unique<Link>(
        stages_.publisher, std::move(url), settings, *base::ReconnectSpec::parse(p.reconnect), made.queue, control_, events_,
        Link::Output{.onPublishing = [this] { published(); },
                     .onInterrupted = [this] { move(Input::Lost); },
                     .onGaveUp =
                         [this, now = pushEpoch_](const Error& e) {
                             control_.post([this, now, e] {  // the link ends with the push: not from inside it
                                 if (now == pushEpoch_) endPush(false, &e);
                             });
                         },
                     .wantKey = wantKey});
}

void Session::published() {
    push_->hasPublished = true;
    move(Input::Connected);
    control_.post([this, now = pushEpoch_] {  // after 1002
        if (now == pushEpoch_) settle();
    });
}

void Session::settle() {
    if (!videoOpen_ || !audioOpen_) return;
    if (previewReply_) std::exchange(previewReply_, {})({});
    if (startReply_ && push_ && push_->hasPublished) {
        std::exchange(startReply_, {})({});
    }
}

void Session::fail(const Error& error) {
    events_.error(error);
    endPush(true, &error);
}

void Session::endPush(bool inOrder, const Error* cause) {
    ++pushEpoch_;
    ++pauseEpoch_;
    auto last = push_ && push_->link ? std::optional(totals()) : std::nullopt;
    closeLanes();  // what the encoders still hold comes out and is queued
    if (push_) {
        push_->queue.finish();
        push_->recordQueue.finish();
        if (push_->link) push_->link->drain(inOrder ? std::chrono::milliseconds(kDrain) : 0ms);
        if (push_->recorder) push_->recorder->drain(kDrain);
        if (last) {
            last->at = ControlLoop::Clock::now();
            last->queue = push_->queue.counts();
            last->link = push_->link->statistics();
            lastStatus_.publish(meter_.measure(*last));
        }
        std::unique_ptr<Push> over;
        std::unique_lock lock(pushMutex_);
        over.swap(push_);
    }
    videoOpen_ = audioOpen_ = false;
    give([](Orders& o) { o.encode = o.paused = false; });
    move(cause ? Input::GaveUp : Input::Stop);
    const Result<void> outcome = cause ? *cause : Error{Code::Cancelled, "overtaken by stop()"};
    if (startReply_) std::exchange(startReply_, {})(outcome);
    if (previewReply_) std::exchange(previewReply_, {})(outcome);
}

void Session::stop() { endPush(true, nullptr); }

void Session::autopush() {
    const auto p = orders_.get()->properties;
    if (!p.autopush || p.url.empty() || isActive(phase_)) return;
    start([this](const Result<void>& started) {
        if (!started) base::log(LogLevel::Error, "autopush: " + started.error().message);
    });
}

Result<void> Session::pause() {
    if (!move(Input::Pause)) return wrongState("pause", "only a push that has begun can be paused");
    give([](Orders& o) { o.paused = true; });
    watchPause();
    return {};
}

void Session::watchPause() {
    const auto limit = std::chrono::seconds(orders_.get()->properties.pauseTimeout);
    if (limit == 0s) return;
    control_.postAfter(limit, [this, now = ++pauseEpoch_, life = std::weak_ptr(alive_), limit] {
        if (life.expired() || now != pauseEpoch_) return;
        events_.code(Code::SuspendedTooLong, "paused for " + std::to_string(limit.count()) + " s: pushing stopped");
        stop();
    });
}

Result<void> Session::resume() {
    if (!move(Input::Resume)) return wrongState("resume", "only a paused push can be resumed");
    ++pauseEpoch_;
    give([](Orders& o) { o.paused = false; });
    return {};
}

// --- preview, snapshot, properties -------------------------------------------------------------

void Session::startPreview(Reply reply) {
    const auto orders = orders_.get();
    if (auto valid = validate(orders->properties); !valid) return reply(valid);
    if (!orders->properties.enableCamera) return reply(Error{Code::InvalidState, "startPreview: enableCamera is false"});
    move(Input::StartPreview);
    if (video_) return videoOpen_ && audioOpen_ ? reply({}) : void(previewReply_ = std::move(reply));
    if (isActive(phase_)) return reply(Error{Code::InvalidState, "startPreview: this push has no picture"});
    previewReply_ = std::move(reply);
    if (auto opened = openLanes(); !opened) return fail(opened.error());
}

Result<void> Session::stopPreview() {
    if (phase_ == Phase::Idle) return wrongState("stopPreview", "there is no preview");
    const bool previewing = phase_ == Phase::Previewing;
    if (previewing) endPush(true, nullptr);
    return {};  // during a push the push goes on
}

VideoFrame Session::mirroredForView(const VideoFrame& frame) const {
    const auto orders = orders_.get();
    const auto& p = orders->properties;
    const bool front = videoKind_ == SourceKind::Camera && p.devicePosition == DevicePosition::front;
    const bool wanted = p.localMirror == LocalMirror::enable || (p.localMirror == LocalMirror::automatic && front);
    // The stream's own mirror is in the frame already.
    return wanted == p.remoteMirror ? frame : stages_.mirrored(frame);
}

void Session::snapshot(SnapshotQuality quality, SnapshotSource source, Snapshots::Reply reply) {
    auto frame = video_ ? video_->lastFrame() : VideoFrame{};
    if (!frame) return reply(Error{Code::InvalidState, "snapshot: there is no picture yet; start() or startPreview() first"});
    if (source == SnapshotSource::view) frame = mirroredForView(frame);
    snapshots_.take(std::move(frame), quality, orders_.get()->properties.snapshotDirectory, std::move(reply));
}

Result<void> Session::update(const std::function<void(Properties&)>& change) {
    const auto before = orders_.get()->properties;
    auto after = before;
    change(after);
    if (after == before) return {};
    if (auto valid = validate(after); !valid) return valid;
    bool session = false;
    for (const auto& row : properties::table()) {
        if (row.applies != Applies::Session || row.field.equal(before, after)) continue;
        if (isActive(phase_))
            return Error{Code::InvalidState, std::string(row.name) + ": can't change while pushing; stop() first"};
        session = true;
    }
    give([&](Orders& o) {
        o.properties = after;
        o.resolved = resolve(after);
    });
    applyDebug(after);
    if (after.enableMic != before.enableMic)
        events_.code(Code::EnableMicChanged, after.enableMic ? "enableMic is on" : "enableMic is off");
    if (after.muted != before.muted) events_.code(Code::MutedChanged, after.muted ? "muted" : "not muted any more");
    if (session && phase_ == Phase::Previewing) {  // what the preview opened was made for other properties
        closeLanes();
        if (auto opened = openLanes(); !opened) fail(opened.error());
    }
    autopush();
    return {};
}

Result<void> Session::pushVideoFrame(const VideoFrameView& frame) {
    std::shared_lock lock(lanesMutex_);
    if (!video_) return Error{Code::InvalidState, "pushVideoFrame: no video source is running"};
    return video_->push(frame);
}

Result<void> Session::pushAudioBlock(const AudioBlockView& block) {
    std::shared_lock lock(lanesMutex_);
    if (!audio_) return Error{Code::InvalidState, "pushAudioBlock: no audio source is running"};
    return audio_->push(block);
}

// --- net status --------------------------------------------------------------------------------

StatusMeter::Totals Session::totals() const {
    const auto& r = orders_.get()->resolved;
    StatusMeter::Totals t;
    t.at = ControlLoop::Clock::now();
    t.maxBitrate = r.maxBitrate;
    t.cpu = processCpu();
    if (video_) {
        const auto& c = video_->counters();
        t.videoFrames = c.frames;
        t.videoBytes = c.bytes;
        t.videoDropped = video_->dropped();
        t.keyInterval = std::chrono::microseconds(c.keyInterval.load());
        t.width = r.width;
        t.height = r.height;
    }
    if (audio_) {
        t.audioFrames = audio_->counters().frames;
        t.audioBytes = audio_->counters().bytes;
        t.audioDropped = audio_->dropped();
    }
    t.publishing = push_->link->publishing();
    t.reconnects = push_->link->reconnects();
    t.queue = push_->queue.counts();
    t.link = push_->link->statistics();
    return t;
}

void Session::tick(std::uint64_t epoch) {
    if (epoch != pushEpoch_ || !push_) return;
    auto status = meter_.measure(totals());
    lastStatus_.publish(status);
    if (isActive(phase_)) events_.netStatus(std::move(status));
    const auto interval = std::chrono::milliseconds(std::lround(orders_.get()->properties.netStatusInterval * 1000));
    control_.postAfter(interval, [this, epoch, life = std::weak_ptr(alive_)] {
        if (!life.expired()) tick(epoch);
    });
}

}  // namespace livepusher::pipeline
