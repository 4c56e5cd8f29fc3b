// SPDX-License-Identifier: MIT
#include "capture/file/sound_track.hpp"

#include <algorithm>
#include <utility>

#include "base/frame_time.hpp"
#include "base/log.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kSoundLate{80'000};  // a file that comes later than this moves the clock
constexpr Timestamp kGap{40'000};        // stamps may waver by this around the count of samples
constexpr Timestamp kLie{300'000};  // so much in a row that would sound at the same time as what came before: stamps are wrong
constexpr Timestamp kSoundPadding{200'000};  // of codecs: what begins so much before the last sample's end would sound twice

}  // namespace

SoundTrack::SoundTrack(std::string name, PacketBuffer& buffer, MediaClock& clock, bool live)
    : TrackPlayer(Track::Audio, std::move(name), buffer, clock, live, kSoundLate) {}

void SoundTrack::want(base::AudioFormat wanted) {
    if (resampler_ && wanted == wanted_) return;
    wanted_ = wanted;
    resampler_.emplace(wanted);
    stretch_.reset();
    fifo_.clear();
    read_ = 0;
    fresh_ = true;
}

void SoundTrack::skip(std::size_t frames) {
    read_ += frames;
    time_ += length(frames);
    if (available() > 0) return;
    fifo_.clear();
    read_ = 0;
}

void SoundTrack::dropBefore(Timestamp from) {
    if (available() == 0 || time_ >= from) return;
    const auto early = static_cast<std::size_t>(base::framesIn(from - time_, wanted_.sampleRate));
    skip(std::min(early, available()));
}

/// Whether stamps go on more slowly than the sound lasts that they stand for: no sound is heard beside itself.
bool SoundTrack::lies(Timestamp off) {
    if (off >= -kGap) {
        overlap_ = {};
        return false;
    }
    if (overlap_ <= kLie) overlap_ += std::min(-off, decoding_.duration());
    if (overlap_ <= kLie) return false;
    if (!std::exchange(warned_, true))
        base::log(LogLevel::Warning,
                  name_ + ": the time stamps of its sound go on more slowly than it lasts; it is played at its own pace");
    return true;
}

Result<void> SoundTrack::append() {
    // Where the decoder's frame begins, and what the resampler still holds of the one before.
    const auto told = decoding_.time();
    auto begin = told ? *told - resampler_->delay() : end_;
    const auto off = begin - end_;
    if (lies(off)) begin = end_;
    // Files with coarse time stamps waver around the sample count; follow that, and the stamps slowly.
    if (!std::exchange(fresh_, false) && off > -kGap && off < kGap) begin = end_ + off / 16;
    if (auto made = resampler_->convert(decoding_.frame(), fifo_); !made) return made;
    time_ = begin;
    end_ = begin + length(available());
    return {};
}

/// The few samples inside the resampler.
void SoundTrack::drain() {
    if (!any_ || !resampler_) return;
    time_ = end_;
    if (auto tail = resampler_->drain(fifo_); !tail) fifo_.clear();
    end_ += length(available());
}

Decoding::Outcome SoundTrack::fill(Timestamp from) {
    for (;;) {
        dropBefore(from);
        if (available() > 0) return Decoding::Outcome::Frame;
        const auto outcome = decode();
        if (outcome == Decoding::Outcome::Ended) {
            drain();
            if (available() > 0) return Decoding::Outcome::Frame;
        }
        if (outcome != Decoding::Outcome::Frame) return outcome;
        returned_ = decoding_.takeReturned() || returned_;
        if (decoding_.takeNew()) fresh_ = true;
        if (auto appended = append(); !appended) return failed(appended.error());
        starved_ = decoding_.starved();
        any_ = true;
        const auto heard = std::exchange(heard_, std::max(heard_, end_));
        dropBefore(std::max(from, heard - time_ < kSoundPadding ? heard : from));
    }
}

void SoundTrack::deliver(SinkGate<AudioSource::Sink>& gate, Timestamp moment) {
    const auto frames = slice();
    const auto* samples = fifo_.data() + read_ * channels();
    auto count = frames;
    if (const double rate = live_ ? clock_.rate() : 1; rate != 1 || stretch_) {
        if (!stretch_) stretch_.emplace(wanted_);
        stretched_.clear();
        stretch_->process({samples, frames * channels()}, 1 / rate, stretched_);
        samples = stretched_.data();
        count = stretched_.size() / channels();
    }
    if (count > 0) gate.tell(&AudioSource::Sink::samples, samples, count, moment);
    skip(frames);
}

bool SoundTrack::run(SinkGate<AudioSource::Sink>& gate, Timestamp from, bool tellReturn) {
    for (;;) {
        dropBefore(from);
        if (available() == 0)
            if (const auto outcome = fill(from); outcome != Decoding::Outcome::Frame) return finish(outcome, gate);
        const auto moment = clock_.waitFor(Track::Audio, time_);
        if (!moment) return false;
        if (postponed(*moment)) continue;
        if (std::exchange(returned_, false) && tellReturn) {
            buffer_.noteReturned();
            gate.tell(&AudioSource::Sink::code, Code::CameraReturned, name_ + ": is there again");
        }
        deliver(gate, *moment);
    }
}

}  // namespace livepusher::capture
