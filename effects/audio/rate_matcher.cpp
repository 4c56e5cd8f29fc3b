// SPDX-License-Identifier: MIT
#include "effects/audio/rate_matcher.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
}

namespace livepusher::effects {
namespace {

constexpr std::size_t kHistory = 64;  // frames: more than the filter's 32
constexpr int kDistance = 1'000'000;  // frames, over which a correction of 1 ppm is one frame
constexpr std::size_t kLargest = 480;

}  // namespace

void RateMatcher::Deleter::operator()(SwrContext* context) const { swr_free(&context); }

RateMatcher::RateMatcher(const AudioFormat& format)
    : channels_(static_cast<std::size_t>(format.channels)), sampleRate_(format.sampleRate), history_(kHistory * channels_, 0.0F) {
    AVChannelLayout layout{};
    av_channel_layout_default(&layout, format.channels);
    SwrContext* made = nullptr;
    int error =
        swr_alloc_set_opts2(&made, &layout, AV_SAMPLE_FMT_FLT, sampleRate_, &layout, AV_SAMPLE_FMT_FLT, sampleRate_, 0, nullptr);
    context_.reset(made);
    if (error >= 0) {
        av_opt_set_int(made, "flags", SWR_FLAG_RESAMPLE, 0);  // also between equal rates
        av_opt_set_int(made, "exact_rational", 0, 0);         // or the first correction would build the filters anew
        av_opt_set_int(made, "linear_interp", 1, 0);
        error = swr_init(made);
    }
    assert(error >= 0);  // nothing in it depends on the machine or on what is played
    if (error < 0) context_.reset();
    // Everything is allocated now, and not in the middle of a stream.
    early_.reserve((2 * kLargest + kHistory) * channels_);
    const std::vector<float> silence(kLargest * channels_, 0.0F);
    for (int n = 0; context_ && n < 4; ++n) {
        early_.clear();
        run(silence, early_);
        in_ += kLargest;
        out_ += early_.size() / channels_;
    }
    early_.clear();
}

RateMatcher::~RateMatcher() = default;

std::size_t RateMatcher::delay() const {
    if (!begun_) return 0;
    return static_cast<std::size_t>(std::max<std::int64_t>(swr_get_delay(context_.get(), sampleRate_), 0)) - skip_;
}

void RateMatcher::remember(std::span<const float> interleaved) {
    const auto kept = std::min(interleaved.size(), history_.size());
    std::copy(history_.begin() + static_cast<std::ptrdiff_t>(kept), history_.end(), history_.begin());
    std::copy(interleaved.end() - static_cast<std::ptrdiff_t>(kept), interleaved.end(),
              history_.end() - static_cast<std::ptrdiff_t>(kept));
}

void RateMatcher::run(std::span<const float> interleaved, std::vector<float>& out) {
    const auto frames = static_cast<int>(interleaved.size() / channels_);
    const int room = std::max(swr_get_out_samples(context_.get(), frames), 0);
    const auto before = out.size();
    out.resize(before + static_cast<std::size_t>(room) * channels_);
    auto* target = reinterpret_cast<std::uint8_t*>(out.data() + before);
    const auto* source = reinterpret_cast<const std::uint8_t*>(interleaved.data());
    const int made = std::max(swr_convert(context_.get(), &target, room, &source, frames), 0);
    out.resize(before + static_cast<std::size_t>(made) * channels_);
}

// Without a correction the sample that comes out as number n is the one that went in as number n: so the row is counted on
// from the silence of the constructor through the history, and what has been heard of it is left out.
void RateMatcher::begin() {
    begun_ = true;
    early_.clear();
    run(history_, early_);
    skip_ = in_ + kHistory - out_ - early_.size() / channels_;
}

void RateMatcher::process(std::span<const float> interleaved, double ppm, std::vector<float>& out) {
    const auto wanted = std::lround(std::clamp(std::isnan(ppm) ? 0.0 : ppm, -kMaxPpm, kMaxPpm));
    if (!begun_ && (wanted == 0 || !context_)) {
        remember(interleaved);
        out.insert(out.end(), interleaved.begin(), interleaved.end());
        return;
    }
    if (!begun_) begin();
    // libswresample ends a correction after the distance: so it is told again with each block.
    if (wanted != 0 || ppm_ != 0) swr_set_compensation(context_.get(), static_cast<int>(wanted), wanted == 0 ? 0 : kDistance);
    ppm_ = wanted;
    const auto before = static_cast<std::ptrdiff_t>(out.size());
    run(interleaved, out);
    if (skip_ == 0) return;
    const auto heard = std::min(skip_, (out.size() - static_cast<std::size_t>(before)) / channels_);
    out.erase(out.begin() + before, out.begin() + before + static_cast<std::ptrdiff_t>(heard * channels_));
    skip_ -= heard;
}

}  // namespace livepusher::effects
