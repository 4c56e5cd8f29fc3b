// SPDX-License-Identifier: MIT
#include "capture/sound/sound_mixer.hpp"

#include <algorithm>

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kAbsent = 200ms;  // who has sent nothing for so long is not waited for
constexpr Timestamp kMostKept = 1s;   // is kept of one while the other is waited for

}  // namespace

SoundMixer::SoundMixer(base::AudioFormat format)
    : width_(static_cast<std::size_t>(format.channels)),
      block_(format.sampleRate / 100),
      inputs_{Input{ClockFollower(format)}, Input{ClockFollower(format)}} {}

void SoundMixer::add(std::size_t input, std::span<const float> samples, Timestamp pts, Timestamp at) {
    auto& from = inputs_[input];
    auto piece = from.follower.add(samples, pts);
    if (!piece) return;
    from.heard = at;
    from.any = true;
    auto place = piece->at;
    const auto end = place + static_cast<std::int64_t>(piece->samples.size() / width_);
    from.end = end;
    const auto most = from.follower.placeOf(kMostKept);
    if (!begun_ || place - done_ > most) {  // the first, or after a gap of both
        begun_ = true;
        sum_.clear();
        done_ = place;
    }
    if (end <= done_) return;  // too late
    auto left = piece->samples;
    if (place < done_) {
        left = left.subspan(static_cast<std::size_t>(done_ - place) * width_);
        place = done_;
    }
    const auto offset = static_cast<std::size_t>(place - done_) * width_;
    if (sum_.size() < offset + left.size()) sum_.resize(offset + left.size(), 0.0F);
    auto* sum = sum_.data() + offset;
    for (const float sample : left) *sum++ += sample;
}

std::optional<SoundMixer::Block> SoundMixer::take(Timestamp at) {
    // As far as all have come that are there.
    std::optional<std::int64_t> until;
    for (const auto& input : inputs_)
        if (input.any && at - input.heard < kAbsent) until = std::min(until.value_or(input.end), input.end);
    if (!until || *until - done_ < block_) return std::nullopt;
    const auto count = static_cast<std::size_t>(block_) * width_;
    if (sum_.size() < count) sum_.resize(count, 0.0F);
    Block made{{sum_.begin(), sum_.begin() + static_cast<std::ptrdiff_t>(count)}, inputs_[0].follower.timeOf(done_)};
    sum_.erase(sum_.begin(), sum_.begin() + static_cast<std::ptrdiff_t>(count));
    done_ += block_;
    return made;
}

}  // namespace livepusher::capture
