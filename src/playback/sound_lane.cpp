// SPDX-License-Identifier: MIT
#include "playback/sound_lane.hpp"

#include <poll.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/attempt.hpp"
#include "base/thread.hpp"

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBlock = static_cast<std::size_t>(speaker::kFormat.sampleRate) / 100;  // frames
constexpr std::size_t kChannels = SoundTrack::kChannels;
constexpr double kGainStep = 1.0 / (0.02 * speaker::kFormat.sampleRate);  // muted, and back, in 20 ms
constexpr int kIdle = 20;                                                 // ms, without a device that asks

/// Raised cosine, 0 to 1 in a block.
float rise(std::size_t frame) {
    return static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * (static_cast<double>(frame) + 0.5) / kBlock));
}

}  // namespace

SoundLane::SoundLane(const PlayerStages& stages, const Settings& settings, JitterBuffer& buffer, PlayClock& clock,
                     const base::Latest<LaneOrders>& orders, SoundObserver& observer)
    : stages_(stages),
      device_(settings.device),
      buffer_(buffer),
      clock_(clock),
      orders_(orders),
      observer_(observer),
      track_(stages.audioDecoder(speaker::kFormat, *this), buffer),
      stretcher_(stages.stretcher(speaker::kFormat)),
      joiner_(stages.joiner(speaker::kFormat)),
      ahead_(settings.ahead),
      latency_(settings.latency),
      latencyInForce_(settings.latency),
      last_(kBlock * kChannels),
      thread_([this] { run(); }) {}

SoundLane::~SoundLane() {
    ending_ = true;
    ring_.taken().signal();
    thread_.join();
}

Timestamp SoundLane::expectedLead() const { return 10ms + (device_ == speaker::kNoDevice ? 10ms : latency_.load()); }

/// What waits in the ring beyond the device's next block was taken early.
SoundLane::Position SoundLane::position() const {
    const auto early = std::max<std::int64_t>(static_cast<std::int64_t>(ring_.waiting()) - static_cast<std::int64_t>(kBlock), 0);
    return {.needed = mediaTime(at_.load() - early), .early = mediaTime(early)};
}

std::optional<Timestamp> SoundLane::heardAt() const {
    const auto at = gaveAt_.load();
    return at == 0 ? std::nullopt : std::optional(Timestamp(at));
}

void SoundLane::run() {
    base::nameThread("sound");
    if (const auto ran = base::attempt([this] { serve(); }); !ran) observer_.soundLaneFailed(ran.error());
    if (speaker_) speaker_->close();
}

void SoundLane::serve() {
    while (!ending_) {
        if (!orders_->running) track_.prepare();
        if (auto failure = track_.failure()) observer_.soundUndecodable(std::move(*failure));
        sounds_ = track_.known();
        undecodable_ = track_.undecodable();
        openSpeaker();
        orders_.refresh();
        obey();
        while (hasRoom() && !ending_ && produce()) {
        }
        if (speaker_)
            if (const auto heard = speaker_->heard()) clock_.hear(*heard, ring_.padding() - paddingAtBegin_);
        pollfd waiting{.fd = ring_.taken().fd(), .events = POLLIN, .revents = 0};
        ::poll(&waiting, 1, kIdle);
        ring_.taken().drain();
    }
}

bool SoundLane::hasRoom() const {
    const auto wanted = static_cast<std::size_t>(base::framesIn(ahead_, speaker::kFormat.sampleRate));
    return speaker_ && ring_.waiting() < std::min(wanted, SampleRing::kFrames - 4 * kBlock);
}

/// A device is opened for sound; pictures alone go by the steady clock.
void SoundLane::openSpeaker() {
    const bool wants = track_.known();
    if (speaker_ && wants && !hasDevice_ && device_ != speaker::kNoDevice) {
        speaker_->close();
        speaker_.reset();
    }
    if (!speaker_ && (wants || orders_->running)) {
        hasDevice_ = wants;
        roleInForce_ = role_;
        latencyInForce_ = latency_;
        speaker_ = stages_.speaker();
        paddingAtBegin_ = ring_.padding();
        clock_.begin(ring_.read());
        const auto opened = speaker_->open(
            {.device = wants ? device_ : speaker::kNoDevice, .role = roleInForce_, .latency = latencyInForce_}, ring_, *this);
        if (!opened) observer_.soundLaneFailed(opened.error());
    }
    if (speaker_ && role_ != roleInForce_) speaker_->setRole(roleInForce_ = role_);
    if (speaker_ && latency_.load() != latencyInForce_) speaker_->setLatency(latencyInForce_ = latency_);
}

void SoundLane::obey() {
    if (orders_->cut == cut_) return;
    const bool first = cut_ == 0;
    cut_ = orders_->cut;
    const auto to = mediaFrame(orders_->from);
    if (!first && !stood_ && to > at_) {
        in_.clear();
        if (track_.peek(at_, joiner_->length(), in_) == joiner_->length()) {
            track_.cut(to);
            at_ = to;
            ideal_ = static_cast<double>(to);
            join();
            return;
        }
        fadeOut(out_);
        give(out_, 0);
    }
    track_.cut(to);
    at_ = to;
    ideal_ = static_cast<double>(to);
    stood_ = true;
}

/// From what would have come, in in_, over into what comes at at_.
void SoundLane::join() {
    joined_.clear();
    const auto wanted = joiner_->length() + joiner_->range();
    if (!track_.read(at_, wanted, true, joined_)) {  // it isn't there yet
        stood_ = true;
        return;
    }
    out_.clear();
    const auto used = joiner_->join(in_, joined_, out_);
    ideal_ += static_cast<double>(used - joiner_->length());
    give(out_, 1);
    in_.assign(joined_.begin() + static_cast<std::ptrdiff_t>(used * kChannels), joined_.end());
    out_.clear();
    pieces_.clear();
    stretcher_->process(in_, 1, out_, pieces_);
    at_ += static_cast<std::int64_t>(wanted);
    if (!out_.empty()) give(out_, 1);
}

/// False: it is too early to give anything.
bool SoundLane::produce() {
    if (orders_->running) return running();
    dry_ = false;
    standing();
    return true;
}

bool SoundLane::running() {
    const auto at = at_.load();
    const bool alive = buffer_.soundAlive();
    const auto whole = buffer_.whole();
    const bool ending = buffer_.isEnding();
    const bool begins = track_.begins(at);
    in_.clear();
    const bool over = !whole || (mediaTime(at) >= *whole && !(ending && track_.reaches(at)));
    if (over || !track_.read(at, kBlock, alive && !ending, in_)) {
        if (ring_.waiting() > kBlock) return false;  // it may come in time still
        dry_ = true;
        standing();
        return true;
    }
    dry_ = false;
    const double speed = ending ? 1 : orders_->speed;  // so that nothing stays in the stretcher
    if (!track_.known()) return silent(speed);
    at_ = at + static_cast<std::int64_t>(kBlock);
    out_.clear();
    pieces_.clear();
    stretcher_->process(in_, speed, out_, pieces_);
    const bool exact = speed == 1 && stretcher_->delay() == 0;
    if (exact) ideal_ = static_cast<double>(at_.load()) - static_cast<double>(out_.size() / kChannels);
    if (out_.empty()) return true;
    if (stood_ && !begins)
        for (std::size_t i = 0; i < std::min(out_.size(), kBlock * kChannels); ++i) out_[i] *= rise(i / kChannels);
    stood_ = false;
    if (alive) gaveAt_ = now().count();
    give(out_, speed);
    return true;
}

/// Pictures alone: nothing has to be stretched.
bool SoundLane::silent(double speed) {
    ideal_ = static_cast<double>(at_.load());
    at_ = at_.load() + std::lround(kBlock * speed);
    out_.assign(kBlock * kChannels, 0.0F);
    stood_ = false;
    give(out_, speed);
    ideal_ = static_cast<double>(at_.load());
    return true;
}

/// Nothing goes on: what was heard last fades out, and then it is silent.
void SoundLane::standing() {
    out_.clear();
    if (!stood_)
        fadeOut(out_);
    else
        out_.assign(kBlock * kChannels, 0.0F);
    stood_ = true;
    give(out_, 0);
}

/// Goes on as what was last went back, turned about its end, so that there is no step and no kink.
void SoundLane::fadeOut(std::vector<float>& samples) const {
    samples.clear();
    for (std::size_t i = 0; i < kBlock; ++i)
        for (std::size_t c = 0; c < kChannels; ++c) {
            const float end = last_[(kBlock - 1) * kChannels + c];
            const float mirrored = 2 * end - last_[(kBlock - 1 - std::min(i + 1, kBlock - 1)) * kChannels + c];
            samples.push_back(std::clamp(mirrored, -1.0F, 1.0F) * (1 - rise(i)));
        }
}

void SoundLane::give(std::vector<float>& samples, double rate) {
    const auto frames = samples.size() / kChannels;
    const auto first = ring_.written();
    const auto room = SampleRing::kFrames - ring_.waiting();
    if (frames > room) samples.resize(room * kChannels);
    measure(samples);
    last_.insert(last_.end(), samples.begin(), samples.end());
    last_.erase(last_.begin(), last_.end() - static_cast<std::ptrdiff_t>(kBlock * kChannels));
    const double wanted = orders_->gain;
    if (wanted != 1 || gain_ != 1)
        for (std::size_t i = 0; i < samples.size(); i += kChannels) {
            gain_ += std::clamp(wanted - gain_, -kGainStep, kGainStep);
            for (std::size_t c = 0; c < kChannels; ++c) samples[i + c] *= static_cast<float>(gain_);
        }
    clock_.give(first, mediaTime(std::llround(ideal_)), rate);
    ring_.write(samples);
    ideal_ += static_cast<double>(samples.size() / kChannels) * rate;
    clock_.givenTo(ring_.written());
    observer_.soundGiven(samples, first);
}

void SoundLane::measure(const std::vector<float>& samples) {
    for (const float each : samples) power_ += static_cast<double>(each) * each;
    measured_ += samples.size();
    constexpr std::size_t kWindow = 10 * kBlock * kChannels;  // 100 ms
    if (measured_ < kWindow) return;
    const double db = 10 * std::log10(std::max(power_ / static_cast<double>(measured_), 1e-12));
    level_ = static_cast<int>(std::lround(std::clamp((db + 60) / 60, 0.0, 1.0) * 100));
    power_ = 0;
    measured_ = 0;
}

void SoundLane::onSpeakerOpened(const std::string& device) {
    if (wasLost_.exchange(false)) observer_.speakerChanged("sound goes to " + device);
}

void SoundLane::onSpeakerLost(const Error& why) {
    wasLost_ = true;
    observer_.speakerChanged("nothing is heard: " + why.message);
}

}  // namespace livepusher::playback
