// SPDX-License-Identifier: MIT
#include "pipeline/audio_lane.hpp"

#include "base/thread_name.hpp"
#include "properties/targets.hpp"

#include <algorithm>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

/// How long an open source may be late before silence stands in. Longer than any decoder's or
/// sound server's hiccup: what comes after it has no place any more.
constexpr Timestamp kLate = 300ms;
/// How far behind now silence is laid while no source gives anything.
constexpr Timestamp kSilenceLag = 40ms;
/// An encoder's first packets lie before the first sample: what the track's time stamps leave for them.
constexpr Timestamp kPriming = 50ms;
/// No source takes so long to be opened.
constexpr Timestamp kMostSilence = 60s;
constexpr auto kAudioTick = 20ms;
constexpr auto kLookAgain = 500ms;  // for a microphone that is waited for

}  // namespace

AudioLane::AudioLane(Parts parts, const base::Latest<LaneSettings>& settings, encode::PacketSink& packets, LaneObserver& observer)
    : parts_(std::move(parts)),
      settings_(settings),
      packets_(packets),
      observer_(observer),
      format_{settings_->resolved.audioSampleRate, settings_->resolved.audioChannels},
      width_(static_cast<std::size_t>(format_.channels)),
      timeline_(format_.sampleRate),
      silence_(format_.blockSamples(), 0.0F),
      thread_([this] { runLane([this] { run(); }, [this] { closeSource(); }, observer_); }) {}

AudioLane::~AudioLane() {
    beginToEnd();
    thread_.join();
}

void AudioLane::beginToEnd() {
    parts_.source->interrupt();
    closing_ = true;
    ring_.wake();
}

void AudioLane::run() {
    base::nameThread("audio");
    followSettings();
    while (!closing_) {
        // Nothing has to be filled up while no push is on: sleep until something comes.
        const std::chrono::milliseconds idle = awaited_ && !sourceOpen_ ? kLookAgain : 1h;
        const auto until = std::chrono::steady_clock::now() + (pushing_ ? kAudioTick : idle);
        standstill_.expect(std::chrono::duration_cast<Timestamp>(until.time_since_epoch()), now());
        const auto* block = ring_.waitUntil(until);
        standstill_.noticed(now());
        if (settings_.refresh() || (awaited_ && !sourceOpen_ && std::chrono::steady_clock::now() >= lookAgain_)) followSettings();
        standstill_.expect(now(), now());
        if (block) {
            if (pushing_ && sourceOpen_) take(*block);
            ring_.release();
        } else if (pushing_ && begun_) {
            silenceUntil(now() - (sourceOpen_ && !ended_ && !abandoned_ ? kLate : kSilenceLag));
        } else if (pushing_ && now() - settings_->origin > kLate) {
            beginTrack(settings_->origin + kPriming);  // the source gives nothing: the track begins without it
        }
        if (pushing_) encodeReady();
        standstill_.noticed(now());
    }
    closeSource();
    if (pushing_) endTrack();
}

void AudioLane::followSettings() {
    const bool want = settings_->wantsMicrophone() && !sourceFailed_ && !abandoned_;
    if (sourceOpen_ && !want) closeSource();
    if (!sourceOpen_ && want) openSource();
    if (sourceOpen_ && role_ != settings_->properties.audioVolumeType) {
        role_ = settings_->properties.audioVolumeType;
        parts_.source->setRole(role_);
    }
    if (sourceOpen_ && micChannels_ != settings_->properties.micChannels) {
        micChannels_ = settings_->properties.micChannels;
        parts_.source->setMicChannels(micChannels_);
    }
    if (pushing_ != settings_->encode) {
        if (pushing_) endTrack();
        pushing_ = settings_->encode;
        begun_ = failed_ = false;
        if (!pushing_) return;
        chain_ = parts_.chain(format_);
        mix_.music = parts_.music;
    }
    if (pushing_) followCodecs();
}

/// Those that are wanted no more end, and others begin with the sound that comes now.
void AudioLane::followCodecs() {
    const auto& wanted = settings_->audioCodecs;
    std::erase_if(encodings_, [&](const auto& encoding) {
        const bool over = std::ranges::find(wanted, encoding->codec()) == wanted.end();
        if (over) encoding->close();
        return over;
    });
    for (const auto codec : wanted) {
        if (failed_) return;
        if (std::ranges::find(encodings_, codec, [](const auto& encoding) { return encoding->codec(); }) != encodings_.end())
            continue;
        auto& sink = static_cast<encode::PacketSink&>(*this);
        auto encoding = std::make_unique<SoundEncoding>(codec, properties::soundRendition(settings_->properties, codec),
                                                        parts_.encoder(codec), sink);
        auto opened = encoding->open({format_, settings_->resolved.audioBitrate});
        if (!opened) return fail(opened.error());
        encodings_.push_back(std::move(encoding));
        observer_.encoderStarted(*opened + ", " + std::to_string(format_.sampleRate) + " Hz, " +
                                 (format_.channels == 1 ? "mono, " : "stereo, ") +
                                 std::to_string(settings_->resolved.audioBitrate) + " kbps");
    }
}

void AudioLane::fail(const Error& error) {
    failed_ = true;
    for (const auto& encoding : encodings_) encoding->close();
    encodings_.clear();
    observer_.encoderFailed(error);
}

void AudioLane::take(Packet packet) {
    packet.pts -= settings_->origin;
    if (packet.kind == Packet::Kind::Config) {
        packet.pts = std::max(packet.pts, Timestamp::zero());
    } else {
        if (packet.pts < Timestamp::zero()) return;  // what a codec puts before its first sample: two would be at 0
    }
    packet.dts = packet.pts;
    if (encodings_.empty() || packet.rendition == encodings_.front()->rendition()) counters_.count(packet);
    packets_.take(std::move(packet));
}

void AudioLane::openSource() {
    role_ = settings_->properties.audioVolumeType;
    micChannels_ = settings_->properties.micChannels;
    ended_ = false;
    auto started = parts_.source->start({format_, role_, micChannels_}, *this);
    if (!started && started.error().code == Code::MicrophoneFailed && settings_->properties.waitForDevices)
        return await(started.error());
    if (!started) {
        sourceFailed_ = true;  // the session decides what that means
        if (!closing_) observer_.sourceFailed(started.error());
        return;
    }
    sourceOpen_ = true;
    if (!awaited_) observer_.opened({});
}

void AudioLane::ended() {
    ended_ = true;
    observer_.ended();
}

/// Silence stands in until it is there.
void AudioLane::await(const Error& error) {
    lookAgain_ = std::chrono::steady_clock::now() + kLookAgain;
    if (std::exchange(awaited_, true)) return;
    observer_.code(error.code, error.message + "; it is waited for");
    observer_.opened({});
}

void AudioLane::closeSource() {
    if (!sourceOpen_) return;
    parts_.source->stop();
    sourceOpen_ = false;
}

void AudioLane::beginTrack(Timestamp at) {
    begun_ = true;
    timeline_.begin(at);
    drift_.restart();
}

/// What the effects still hold comes out, and what the encoder holds.
void AudioLane::endTrack() {
    if (failed_) return;
    if (begun_) appendSilence(chain_->delay());
    encodeReady();
    for (const auto& encoding : encodings_) encoding->close();
    encodings_.clear();
}

void AudioLane::take(const AudioRing::Block& block) {
    if (standstill_.outlived(block.pts)) return;
    if (!begun_) {
        if (block.pts < settings_->origin + kPriming) return;  // from before the push
        beginTrack(block.pts);
    }
    const auto offset = block.pts - timeline_.position() - timeOf(parts_.clock->delay());
    if (isGap(block.pts - timeline_.position())) leaveGap(block.pts);
    const auto place = timeline_.place(block.pts, block.frames);
    if (place.silence + place.skip > 0) drift_.restart();
    const double ppm = drift_.follow(offset, timeOf(block.frames));
    appendSilence(place.silence);
    matched_.clear();
    parts_.clock->process(std::span(block.samples).subspan(place.skip * width_, (block.frames - place.skip) * width_), ppm,
                          matched_);
    append(matched_);
}

void AudioLane::silenceUntil(Timestamp to) {
    if (isGap(to - timeline_.position())) leaveGap(to);
    appendSilence(timeline_.missing(to));
}

/// Whether time goes on without sound, in place of silence: after a standstill, and where it would take long to send.
bool AudioLane::isGap(Timestamp missing) const {
    return missing > kMostSilence || (missing > Standstill::kAtLeast && standstill_.outlived(timeline_.position()));
}

/// The sound before it comes out whole, with the little silence that a frame of the encoder and the effects' delay take;
/// then the track goes on at `to`.
void AudioLane::leaveGap(Timestamp to) {
    appendSilence(chain_->delay());
    encodeReady();
    for (const auto& encoding : encodings_)
        if (auto coded = encoding->fillUp(timeline_.position(), chain_->delay()); !coded) return fail(coded.error());
    beginTrack(to);
}

void AudioLane::appendSilence(std::size_t frames) {
    while (frames > 0) {
        const auto part = std::min(frames, silence_.size() / width_);
        append(std::span(silence_).first(part * width_));
        frames -= part;
    }
}

void AudioLane::append(std::span<const float> samples) {
    mix_.microphoneVolume = settings_->volumes.microphone;
    mix_.musicVolume = settings_->volumes.music;
    mix_.microphoneOn = !settings_->silent();
    ready_.clear();
    chain_->apply(samples, mix_, settings_->properties, ready_);
    for (const auto& encoding : encodings_) encoding->add(ready_);
    level_.store(chain_->microphoneLevel(), std::memory_order_relaxed);
    timeline_.append(samples.size() / width_);
}

void AudioLane::encodeReady() {
    if (!begun_) return;
    for (const auto& encoding : encodings_)
        if (auto coded = encoding->encodeReady(timeline_.position(), chain_->delay()); !coded) return fail(coded.error());
}

}  // namespace livepusher::pipeline
