// SPDX-License-Identifier: MIT
#include "playback/play_clock.hpp"

#include <algorithm>
#include <cmath>

namespace livepusher::playback {
namespace {

constexpr double kRate = speaker::kFormat.sampleRate;

/// Whole microseconds, rounded to the nearest: lines are followed for days.
Timestamp mediaTime(double samples) { return Timestamp(std::llround(samples * 1e6 / kRate)); }

}  // namespace

void PlayClock::begin(std::int64_t sample) {
    const std::lock_guard lock(mutex_);
    begun_ = sample;
    padding_ = 0;
    line_.restart();
    lineNumber_ = 0;
}

void PlayClock::give(std::int64_t sample, Timestamp media, double rate) {
    const std::lock_guard lock(mutex_);
    end_ = std::max(end_, sample);
    if (!pieces_.empty()) {
        const auto& last = pieces_.back();
        const auto there = last.media + mediaTime(static_cast<double>(sample - last.sample) * last.rate);
        const auto off = there - media;
        if (last.rate == rate && off <= Timestamp(2) && off >= Timestamp(-2)) return;
        if (last.sample == sample) pieces_.pop_back();
    }
    pieces_.push_back({sample, media, rate});
}

void PlayClock::givenTo(std::int64_t sample) {
    const std::lock_guard lock(mutex_);
    end_ = std::max(end_, sample);
}

void PlayClock::hear(const speaker::Heard& heard, std::int64_t padding) {
    const std::lock_guard lock(mutex_);
    if (heard.line != lineNumber_) line_.restart();
    lineNumber_ = heard.line;
    padding_ = padding;
    line_.add(heard.frames, heard.at);
    forget(sampleAt(heard.at));
}

/// Pieces that are over, but for the one before: the line may go back a little.
void PlayClock::forget(double heard) {
    while (pieces_.size() > 2 && static_cast<double>(pieces_[1].sample) < heard - kRate / 2) pieces_.pop_front();
}

double PlayClock::sampleAt(Timestamp now) const {
    if (!line_) return static_cast<double>(begun_);
    const auto sample = static_cast<double>(begun_ + line_.sampleAt(now) - padding_);
    return std::clamp(sample, static_cast<double>(begun_), static_cast<double>(end_));
}

Timestamp PlayClock::mediaAt(double sample) const {
    auto piece = pieces_.front();
    for (const auto& each : pieces_) {
        if (static_cast<double>(each.sample) > sample) break;
        piece = each;
    }
    return piece.media + mediaTime(std::max(sample - static_cast<double>(piece.sample), 0.0) * piece.rate);
}

std::optional<Timestamp> PlayClock::playhead(Timestamp now) const {
    const std::lock_guard lock(mutex_);
    if (pieces_.empty()) return std::nullopt;
    return mediaAt(sampleAt(now));
}

std::optional<Timestamp> PlayClock::inFlight(Timestamp now) const {
    const std::lock_guard lock(mutex_);
    if (!line_) return std::nullopt;
    return mediaTime(static_cast<double>(end_) - sampleAt(now));
}

std::optional<Timestamp> PlayClock::heardAt(std::int64_t sample) const {
    const std::lock_guard lock(mutex_);
    if (!line_) return std::nullopt;
    return line_.heardAt(sample - begun_ + padding_);
}

std::optional<Timestamp> PlayClock::due(Timestamp media) const {
    const std::lock_guard lock(mutex_);
    if (pieces_.empty() || !line_) return std::nullopt;
    // The last piece that has come to that time: what was cut out lies between two.
    for (auto piece = pieces_.rbegin(); piece != pieces_.rend(); ++piece) {
        if (piece->media > media && std::next(piece) != pieces_.rend()) continue;
        const auto ahead = static_cast<double>((media - piece->media).count()) / 1e6 * kRate;
        if (piece->rate <= 0 && ahead > 0) return std::nullopt;
        auto sample = static_cast<double>(piece->sample) + (piece->rate > 0 ? std::max(ahead, 0.0) / piece->rate : 0);
        if (piece != pieces_.rbegin()) sample = std::min(sample, static_cast<double>(std::prev(piece)->sample));
        return line_.heardAt(std::llround(sample) - begun_ + padding_);
    }
    return std::nullopt;
}

}  // namespace livepusher::playback
