// SPDX-License-Identifier: MIT
#include "playback/sound_track.hpp"

#include <algorithm>

namespace livepusher::playback {
namespace {

constexpr Timestamp kLongHole{1'000'000};

}  // namespace

void SoundTrack::decode(const Packet& packet) {
    if (packet.kind == Packet::Kind::Config) {
        known_ = true;
        undecodable_ = false;
    }
    if (auto sent = decoder_->send(packet, now()); !sent) {
        failure_ = sent.error();
        undecodable_ = true;
    }
    while (auto sound = decoder_->receive()) append(*sound);
}

/// Decodes the next that waits; false: nothing does.
bool SoundTrack::more() {
    const auto next = buffer_.pop(Packet::Track::Audio);
    if (!next) return false;
    decode(next->packet);
    return true;
}

void SoundTrack::prepare() {
    if (!known_) more();
}

void SoundTrack::append(const decode::Sound& sound) {
    const auto frames = sound.samples.size() / kChannels;
    // A hole is filled as it is read; one that is long is not kept.
    if (timeline_ && sound.pts - timeline_->position() > kLongHole) {
        timeline_.reset();
        samples_.clear();
    }
    if (!timeline_) {
        timeline_.emplace(speaker::kFormat.sampleRate);
        whole_ = true;
        begin_ = mediaFrame(sound.pts);
        timeline_->begin(mediaTime(begin_));
    }
    const auto placed = timeline_->place(sound.pts, frames);
    samples_.insert(samples_.end(), placed.silence * kChannels, 0.0F);
    const auto skipped = std::min(placed.skip, frames);
    samples_.insert(samples_.end(), sound.samples.begin() + static_cast<std::ptrdiff_t>(skipped * kChannels),
                    sound.samples.end());
    timeline_->append(placed.silence + frames - skipped);
    if (from_ > begin_) forget(from_);
}

void SoundTrack::forget(std::int64_t to) {
    const auto count = std::clamp<std::int64_t>(to - begin_, 0, end() - begin_);
    if (count > 0) whole_ = false;
    samples_.erase(samples_.begin(), samples_.begin() + count * static_cast<std::int64_t>(kChannels));
    begin_ += count;
}

bool SoundTrack::reaches(std::int64_t at) {
    while (!timeline_ || end() <= at)
        if (!more()) return false;
    return true;
}

void SoundTrack::cut(std::int64_t at) {
    from_ = at;
    read_ = false;
    if (timeline_ && end() > at) return forget(at);  // it is here already
    buffer_.dropSoundTo(mediaTime(at));
    decoder_->flush();
    samples_.clear();
    timeline_.reset();
}

std::size_t SoundTrack::peek(std::int64_t at, std::size_t frames, std::vector<float>& to) const {
    if (at < begin_ || at >= end()) return 0;
    const auto count = std::min(static_cast<std::size_t>(end() - at), frames);
    const auto first = samples_.begin() + (at - begin_) * static_cast<std::int64_t>(kChannels);
    to.insert(to.end(), first, first + static_cast<std::ptrdiff_t>(count * kChannels));
    return count;
}

bool SoundTrack::read(std::int64_t at, std::size_t frames, bool alive, std::vector<float>& to) {
    const auto until = at + static_cast<std::int64_t>(frames);
    while (!timeline_ || end() < until) {
        if (more()) continue;
        if (alive && !undecodable_) return false;
        break;
    }
    auto silence = timeline_ ? std::clamp<std::int64_t>(begin_ - at, 0, static_cast<std::int64_t>(frames)) : std::int64_t(frames);
    to.insert(to.end(), static_cast<std::size_t>(silence) * kChannels, 0.0F);
    auto left = frames - static_cast<std::size_t>(silence);
    if (timeline_) {
        left -= peek(at + silence, left, to);
        forget(until);
        if (left < frames) read_ = true;
    }
    to.insert(to.end(), left * kChannels, 0.0F);
    return true;
}

}  // namespace livepusher::playback
