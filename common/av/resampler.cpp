// SPDX-License-Identifier: MIT
#include "av/resampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
}

namespace livepusher::capture {

void SwrFree::operator()(SwrContext* context) const { swr_free(&context); }

SwrPtr elasticResampler(base::AudioFormat format) {
    AVChannelLayout layout{};
    av_channel_layout_default(&layout, format.channels);
    SwrContext* made = nullptr;
    const int error = swr_alloc_set_opts2(&made, &layout, AV_SAMPLE_FMT_FLT, format.sampleRate, &layout, AV_SAMPLE_FMT_FLT,
                                          format.sampleRate, 0, nullptr);
    SwrPtr context(made);
    // Without this flag equal rates would be copied, and could not differ later.
    const bool good = error >= 0 && av_opt_set_int(made, "flags", SWR_FLAG_RESAMPLE, 0) >= 0 && swr_init(made) >= 0;
    return good ? std::move(context) : nullptr;
}

Resampler::~Resampler() { av_channel_layout_uninit(&layout_); }

Result<void> Resampler::check(const base::AudioFormat& wanted) {
    if (wanted.sampleRate < 8000 || wanted.sampleRate > 192000)
        return Error{Code::UnsupportedSampleRate,
                     "sample rate " + std::to_string(wanted.sampleRate) + " Hz: must be 8000..192000"};
    if (wanted.channels < 1 || wanted.channels > 8)
        return Error{Code::InvalidArgument, "channels " + std::to_string(wanted.channels) + ": must be 1..8"};
    return {};
}

bool Resampler::takes(AVSampleFormat format, int sampleRate, const AVChannelLayout& layout) const {
    return context_ && format == format_ && sampleRate == sampleRate_ && av_channel_layout_compare(&layout, &layout_) == 0;
}

int Resampler::mix(SwrContext& context) const {
    // By its own rule one channel would come out 3 dB lower on two, and two that are alike 3 dB higher on one.
    static constexpr std::array<double, 2> kFull{1, 1}, kHalf{0.5, 0.5};
    // Two cardioids, to the left and to the right, as loud in sum as what they are made of; and what comes from all around.
    static constexpr std::array<double, 4> kCardioids{M_SQRT1_2, M_SQRT1_2, M_SQRT1_2, -M_SQRT1_2};
    static constexpr std::array<double, 2> kAround{1, 0};
    const int from = heard_.layout.nb_channels, to = wanted_.channels;
    if (heard_.ambisonic && to <= 2) return swr_set_matrix(&context, to == 2 ? kCardioids.data() : kAround.data(), 2);
    if (from == 1 && to == 2) return swr_set_matrix(&context, kFull.data(), 1);
    if (from == 2 && to == 1) return swr_set_matrix(&context, kHalf.data(), 2);
    return 0;
}

Result<void> Resampler::prepare(AVSampleFormat format, int sampleRate, const AVChannelLayout& layout) {
    routeLibavLog();  // what it can't mix, it says on stderr
    AVChannelLayout out{};
    av_channel_layout_default(&out, wanted_.channels);
    heard_ = HeardChannels::of(layout, out);
    SwrContext* made = nullptr;
    int error =
        swr_alloc_set_opts2(&made, &out, AV_SAMPLE_FMT_FLT, wanted_.sampleRate, &heard_.layout, format, sampleRate, 0, nullptr);
    context_.reset(made);
    if (error >= 0) error = mix(*made);
    if (error >= 0) error = swr_init(made);
    if (error >= 0) error = av_channel_layout_copy(&layout_, &layout);
    if (error < 0) {
        context_.reset();
        return Error{Code::SourceFailed,
                     "sound of " + std::to_string(sampleRate) + " Hz, " + std::to_string(layout.nb_channels) +
                         " channels can't be resampled to " + std::to_string(wanted_.sampleRate) + " Hz, " +
                         std::to_string(wanted_.channels) + " channels: " + avText(error),
                     error};
    }
    format_ = format;
    sampleRate_ = sampleRate;
    return {};
}

const std::uint8_t* const* Resampler::pick(const std::uint8_t* const* planes, int frames) {
    if (heard_.from.empty() || frames == 0) return planes;
    picked_.clear();
    if (av_sample_fmt_is_planar(format_) != 0) {
        for (const int channel : heard_.from) picked_.push_back(planes[channel]);
        return picked_.data();
    }
    const auto size = static_cast<std::size_t>(av_get_bytes_per_sample(format_));
    const auto step = size * static_cast<std::size_t>(layout_.nb_channels);
    bytes_.resize(size * heard_.from.size() * static_cast<std::size_t>(frames));
    auto* to = bytes_.data();
    for (const auto *at = planes[0], *end = at + step * static_cast<std::size_t>(frames); at != end; at += step)
        for (const int channel : heard_.from) to = std::copy_n(at + size * static_cast<std::size_t>(channel), size, to);
    picked_.push_back(bytes_.data());
    return picked_.data();
}

Result<void> Resampler::run(const std::uint8_t* const* planes, int frames, std::vector<float>& out) {
    const int room = swr_get_out_samples(context_.get(), frames);
    if (room <= 0) return {};
    const auto channels = static_cast<std::size_t>(wanted_.channels);
    const auto before = out.size();
    out.resize(before + static_cast<std::size_t>(room) * channels);
    auto* target = reinterpret_cast<std::uint8_t*>(out.data() + before);
    // libswresample's parameter lacks a const that it honours.
    auto** in = const_cast<const std::uint8_t**>(pick(planes, frames));
    const int made = swr_convert(context_.get(), &target, room, in, frames);
    out.resize(before + static_cast<std::size_t>(made > 0 ? made : 0) * channels);
    if (made < 0) return Error{Code::SourceFailed, "sound can't be resampled: " + avText(made), made};
    return {};
}

Result<void> Resampler::convert(const std::uint8_t* const* planes, int frames, AVSampleFormat format, int sampleRate,
                                const AVChannelLayout& layout, std::vector<float>& out) {
    if (!takes(format, sampleRate, layout)) {
        // What the old form has left inside comes before what the new one brings.
        if (auto tail = drain(out); !tail) return tail;
        if (auto ready = prepare(format, sampleRate, layout); !ready) return ready;
    }
    return run(planes, frames, out);
}

Result<void> Resampler::convert(const AVFrame& frame, std::vector<float>& out) {
    return convert(frame.extended_data, frame.nb_samples, static_cast<AVSampleFormat>(frame.format), frame.sample_rate,
                   frame.ch_layout, out);
}

Result<void> Resampler::convert(const void* samples, std::size_t frames, AVSampleFormat format, int sampleRate, int channels,
                                std::vector<float>& out) {
    AVChannelLayout layout{};
    av_channel_layout_default(&layout, channels);
    const auto* plane = static_cast<const std::uint8_t*>(samples);
    return convert(&plane, static_cast<int>(frames), format, sampleRate, layout, out);
}

Timestamp Resampler::delay() const { return Timestamp(context_ ? swr_get_delay(context_.get(), 1'000'000) : 0); }

Result<void> Resampler::drain(std::vector<float>& out) {
    if (!context_) return {};
    auto tail = run(nullptr, 0, out);
    reset();
    return tail;
}

}  // namespace livepusher::capture
