// SPDX-License-Identifier: MIT
#include "capture/resampler.hpp"

#include <array>
#include <string>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
}

namespace livepusher::capture {

void Resampler::Deleter::operator()(SwrContext* context) const { swr_free(&context); }

Result<void> Resampler::check(const WantedAudio& wanted) {
    if (wanted.sampleRate < 8000 || wanted.sampleRate > 192000)
        return Error{Code::UnsupportedSampleRate,
                     "sample rate " + std::to_string(wanted.sampleRate) + " Hz: must be 8000..192000"};
    if (wanted.channels < 1 || wanted.channels > 8)
        return Error{Code::InvalidArgument, "channels " + std::to_string(wanted.channels) + ": must be 1..8"};
    return {};
}

Result<void> Resampler::prepare(AVSampleFormat format, int sampleRate, const AVChannelLayout& layout) {
    if (context_ && format == format_ && sampleRate == sampleRate_ && av_channel_layout_compare(&layout, &layout_) == 0)
        return {};
    // No custom layout ever gets here, so a layout owns no memory and plain copies of it are sound.
    AVChannelLayout in{}, out{};
    if (layout.order == AV_CHANNEL_ORDER_NATIVE) {
        in = layout;
    } else {
        av_channel_layout_default(&in, layout.nb_channels);
    }
    av_channel_layout_default(&out, wanted_.channels);
    SwrContext* made = nullptr;
    int error = swr_alloc_set_opts2(&made, &out, AV_SAMPLE_FMT_FLT, wanted_.sampleRate, &in, format, sampleRate, 0, nullptr);
    context_.reset(made);
    // By its own rule one channel would come out 3 dB lower on two, and two that are alike 3 dB higher on one.
    const std::array<double, 2> full{1, 1}, half{0.5, 0.5};
    if (error >= 0 && in.nb_channels == 1 && wanted_.channels == 2) error = swr_set_matrix(made, full.data(), 1);
    if (error >= 0 && in.nb_channels == 2 && wanted_.channels == 1) error = swr_set_matrix(made, half.data(), 2);
    if (error >= 0) error = swr_init(context_.get());
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
    layout_ = layout.order == AV_CHANNEL_ORDER_CUSTOM ? in : layout;
    return {};
}

Result<void> Resampler::run(const std::uint8_t* const* planes, int frames, std::vector<float>& out) {
    const int room = swr_get_out_samples(context_.get(), frames);
    if (room <= 0) return {};
    const auto channels = static_cast<std::size_t>(wanted_.channels);
    const auto before = out.size();
    out.resize(before + static_cast<std::size_t>(room) * channels);
    auto* target = reinterpret_cast<std::uint8_t*>(out.data() + before);
    // libswresample's parameter lacks a const that it honours.
    const int made = swr_convert(context_.get(), &target, room, const_cast<const std::uint8_t**>(planes), frames);
    out.resize(before + static_cast<std::size_t>(made > 0 ? made : 0) * channels);
    if (made < 0) return Error{Code::SourceFailed, "sound can't be resampled: " + avText(made), made};
    return {};
}

Result<void> Resampler::convert(const std::uint8_t* const* planes, int frames, AVSampleFormat format, int sampleRate,
                                const AVChannelLayout& layout, std::vector<float>& out) {
    if (auto ready = prepare(format, sampleRate, layout); !ready) return ready;
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
