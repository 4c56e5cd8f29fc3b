// SPDX-License-Identifier: MIT
#include "capture/file/stretch.hpp"

#include <cmath>
#include <cstdint>

extern "C" {
#include <libswresample/swresample.h>
}

namespace livepusher::capture {

Stretch::Stretch(base::AudioFormat format) : context_(elasticResampler(format)), channels_(format.channels) {}

void Stretch::process(std::span<const float> samples, double factor, std::vector<float>& out) {
    const auto frames = static_cast<int>(samples.size() / static_cast<std::size_t>(channels_));
    if (!context_) {
        out.insert(out.end(), samples.begin(), samples.end());
        return;
    }
    const double wanted = frames * (factor - 1) + owed_;
    const int more = static_cast<int>(std::lround(wanted));
    owed_ = wanted - more;
    const int distance = frames + more;
    if (distance > 0) swr_set_compensation(context_.get(), more, distance);
    const int room = swr_get_out_samples(context_.get(), frames);
    if (room <= 0) return;
    const auto before = out.size();
    out.resize(before + static_cast<std::size_t>(room) * static_cast<std::size_t>(channels_));
    auto* target = reinterpret_cast<std::uint8_t*>(out.data() + before);
    const auto* source = reinterpret_cast<const std::uint8_t*>(samples.data());
    const int got = swr_convert(context_.get(), &target, room, &source, frames);
    out.resize(before + static_cast<std::size_t>(got > 0 ? got : 0) * static_cast<std::size_t>(channels_));
}

}  // namespace livepusher::capture
