// SPDX-License-Identifier: MIT
#include "effects/audio/splicing_stretcher.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "effects/effects.hpp"

namespace livepusher::effects {
namespace {

std::size_t inFrames(const base::AudioFormat& format, int tenthsOfMs) {
    return static_cast<std::size_t>(format.sampleRate) * static_cast<std::size_t>(tenthsOfMs) / 10'000;
}

/// What a place has to be like to be taken when so much of the way from too early to too late is gone.
double likenessWanted(double urgency) { return 0.95 - 1.5 * urgency; }

}  // namespace

void SplicingStretcher::Output::tell(std::size_t frames, std::int64_t first) {
    if (frames == 0) return;
    if (!pieces.empty() && pieces.back().first + static_cast<std::int64_t>(pieces.back().frames) == first)
        pieces.back().frames += frames;
    else
        pieces.push_back({frames, first});
}

SplicingStretcher::SplicingStretcher(const base::AudioFormat& format)
    : channels_(static_cast<std::size_t>(format.channels)),
      fade_(inFrames(format, 200)),
      shortest_(inFrames(format, 50)),
      longest_(inFrames(format, 250)),
      due_(inFrames(format, 100)),
      pause_(inFrames(format, 100)),
      finder_(channels_, fade_, longest_ - shortest_ + 1),
      faded_(fade_ * channels_) {
    // So much is kept at most, and as much again before it is thrown away, beside 100 ms of what comes at once.
    kept_.reserve((2 * (2 * longest_ + fade_) + inFrames(format, 1000)) * channels_);
}

std::span<const float> SplicingStretcher::frames(std::int64_t first, std::size_t count) const {
    return std::span(kept_).subspan(static_cast<std::size_t>(first - begin_) * channels_, count * channels_);
}

void SplicingStretcher::process(std::span<const float> samples, double speed, std::vector<float>& out,
                                std::vector<StretchedPiece>& pieces) {
    kept_.insert(kept_.end(), samples.begin(), samples.end());
    Output to{out, pieces};
    const double pace = std::isnan(speed) ? 1 : std::clamp(speed, kSlowest, kFastest);
    while (at_ < end() && step(pace, to)) {
    }
    forget();
}

void SplicingStretcher::play(std::size_t count, double speed, Output& to) {
    const auto played = frames(at_, std::min(count, delay()));
    to.samples.insert(to.samples.end(), played.begin(), played.end());
    const auto made = played.size() / channels_;
    to.tell(made, at_);
    at_ += static_cast<std::int64_t>(made);
    off_ += static_cast<double>(made) * (speed - 1);
}

/// False: more has to go in first.
bool SplicingStretcher::step(double speed, Output& to) {
    if (speed == 1) {
        play(delay(), speed, to);
        return true;
    }
    const double due = speed > 1 ? static_cast<double>(due_) - off_ : static_cast<double>(due_) + off_;  // frames still to gain
    if (due > 0) {
        play(static_cast<std::size_t>(std::ceil(due / std::abs(speed - 1))), speed, to);
        return true;
    }
    return splice(speed, to);
}

bool SplicingStretcher::splice(double speed, Output& to) {
    const bool ahead = speed > 1;
    if (delay() < fade_ + (ahead ? longest_ : 0)) return false;
    const auto shortest = static_cast<std::int64_t>(shortest_), longest = static_cast<std::int64_t>(longest_);
    const double off = std::abs(off_);
    const auto wanted = std::clamp(static_cast<std::int64_t>(off), shortest, longest);
    const auto first = ahead ? at_ + shortest : at_ - longest;
    if (first < begin_) {  // it has just begun: there is nothing to hear once more
        play(pause_, speed, to);
        return true;
    }
    const auto found = finder_.find(frames(at_, fade_), frames(first, fade_ + longest_ - shortest_),
                                    static_cast<std::size_t>(ahead ? wanted - shortest : longest - wanted));
    const double urgency = (off - static_cast<double>(due_)) / static_cast<double>(longest_ - due_);
    if (found.likeness < likenessWanted(urgency) && urgency < 1) {
        play(pause_, speed, to);
        return true;
    }
    const auto other = first + static_cast<std::int64_t>(found.at);
    crossFade(frames(at_, fade_), frames(other, fade_), found.likeness, channels_, faded_);
    to.samples.insert(to.samples.end(), faded_.begin(), faded_.end());
    const auto half = fade_ / 2;  // until there the one is the louder, then the other
    to.tell(half, at_);
    to.tell(fade_ - half, other + static_cast<std::int64_t>(half));
    off_ += static_cast<double>(fade_) * (speed - 1) - static_cast<double>(other - at_);
    at_ = other + static_cast<std::int64_t>(fade_);
    return true;
}

/// What nothing goes back to, when it has become much.
void SplicingStretcher::forget() {
    const auto old = at_ - static_cast<std::int64_t>(longest_) - begin_;
    if (old < static_cast<std::int64_t>(2 * longest_ + fade_)) return;
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(old) * channels_));
    begin_ += old;
}

std::unique_ptr<TimeStretcher> makeTimeStretcher(base::AudioFormat format) { return std::make_unique<SplicingStretcher>(format); }

}  // namespace livepusher::effects
