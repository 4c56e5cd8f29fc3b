// SPDX-License-Identifier: MIT
#include "capture/sound/clock_follower.hpp"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libswresample/swresample.h>
}

namespace livepusher::capture {
namespace {

constexpr double kJumpSeconds = 0.06;  // a gap, or another stream: no clock runs away so far
constexpr double kCorrectSeconds = 4;  // in which an error is made good
constexpr double kMostPpm = 1000;      // nobody hears it
constexpr double kSmoothBlocks = 50;   // an error is judged by so many blocks

}  // namespace

ClockFollower::ClockFollower(base::AudioFormat format) : format_(format) {}

std::int64_t ClockFollower::placeOf(Timestamp pts) const {
    return static_cast<std::int64_t>(std::llround(static_cast<double>(pts.count()) * format_.sampleRate / 1e6));
}

Timestamp ClockFollower::timeOf(std::int64_t place) const {
    return Timestamp(static_cast<std::int64_t>(std::llround(static_cast<double>(place) * 1e6 / format_.sampleRate)));
}

bool ClockFollower::restart(std::int64_t at) {
    context_ = elasticResampler(format_);
    if (!context_) return false;
    next_ = at;
    error_ = 0;
    sinceCorrected_ = 0;
    return true;
}

std::optional<ClockFollower::Piece> ClockFollower::add(std::span<const float> samples, Timestamp pts) {
    const auto width = static_cast<std::size_t>(format_.channels);
    const auto frames = static_cast<std::int64_t>(samples.size() / width);
    const auto place = placeOf(pts);
    const auto inside = [&] { return context_ ? swr_get_delay(context_.get(), format_.sampleRate) : 0; };
    // Positive: it comes later than what has come out says, so more has to come out.
    const auto late = static_cast<double>(place - (next_ + inside()));
    if (!context_ || std::abs(late) > kJumpSeconds * format_.sampleRate) {
        if (!restart(place)) return std::nullopt;
    } else {
        error_ += (late - error_) / kSmoothBlocks;
        sinceCorrected_ += frames;
        if (sinceCorrected_ >= format_.sampleRate / 2) {
            sinceCorrected_ = 0;
            const auto distance = static_cast<int>(kCorrectSeconds * format_.sampleRate);
            const auto most = kMostPpm * 1e-6 * distance;
            swr_set_compensation(context_.get(), static_cast<int>(std::lround(std::clamp(error_, -most, most))), distance);
        }
    }
    const int room = swr_get_out_samples(context_.get(), static_cast<int>(frames));
    out_.resize(static_cast<std::size_t>(std::max(room, 0)) * width);
    auto* target = reinterpret_cast<std::uint8_t*>(out_.data());
    const auto* source = reinterpret_cast<const std::uint8_t*>(samples.data());
    const int made = swr_convert(context_.get(), &target, room, &source, static_cast<int>(frames));
    if (made <= 0) return std::nullopt;
    const Piece piece{next_, std::span(out_).first(static_cast<std::size_t>(made) * width)};
    next_ += made;
    return piece;
}

}  // namespace livepusher::capture
