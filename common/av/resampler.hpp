// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstdint>
#include <memory>
#include <vector>

#include "av/av.hpp"
#include "av/heard_channels.hpp"
#include "media/audio_format.hpp"

struct SwrContext;

namespace livepusher::capture {

struct SwrFree {
    void operator()(SwrContext* context) const;
};
using SwrPtr = std::unique_ptr<SwrContext, SwrFree>;

/// One that gives interleaved float as it takes it, until swr_set_compensation() asks for a little more or less of it. Null:
/// libswresample refuses it.
SwrPtr elasticResampler(base::AudioFormat format);

/// Turns sound of any form into interleaved float of the wanted rate and channels, through libswresample. The
/// incoming form may change at any call: rate, format, channels, of which there may be any number. Belongs to one thread.
class Resampler {
public:
    explicit Resampler(const base::AudioFormat& wanted) : wanted_(wanted) {}
    ~Resampler();
    Resampler(const Resampler&) = delete;
    Resampler& operator=(const Resampler&) = delete;

    /// Whether `wanted` can be made. Errors: UnsupportedSampleRate, InvalidArgument.
    static Result<void> check(const base::AudioFormat& wanted);

    /// Appends what comes out to `out`. `planes` as libav has them: one for interleaved formats. Errors: SourceFailed.
    Result<void> convert(const std::uint8_t* const* planes, int frames, AVSampleFormat format, int sampleRate,
                         const AVChannelLayout& layout, std::vector<float>& out);
    Result<void> convert(const AVFrame& frame, std::vector<float>& out);
    /// As the first, of interleaved samples in the default order of that many channels.
    Result<void> convert(const void* samples, std::size_t frames, AVSampleFormat format, int sampleRate, int channels,
                         std::vector<float>& out);

    /// How much of what went in has not come out: the next output is that much older than the next input.
    Timestamp delay() const;
    /// Appends what is still inside; the next convert() begins afresh.
    Result<void> drain(std::vector<float>& out);
    /// Forgets what is inside.
    void reset() { context_.reset(); }

private:
    bool takes(AVSampleFormat format, int sampleRate, const AVChannelLayout& layout) const;
    int mix(SwrContext& context) const;
    const std::uint8_t* const* pick(const std::uint8_t* const* planes, int frames);
    Result<void> prepare(AVSampleFormat format, int sampleRate, const AVChannelLayout& layout);
    Result<void> run(const std::uint8_t* const* planes, int frames, std::vector<float>& out);

    const base::AudioFormat wanted_;
    SwrPtr context_;
    AVSampleFormat format_ = AV_SAMPLE_FMT_NONE;
    int sampleRate_ = 0;
    AVChannelLayout layout_{};  ///< as it comes
    HeardChannels heard_;       ///< what of it goes to libswresample
    std::vector<const std::uint8_t*> picked_;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace livepusher::capture
