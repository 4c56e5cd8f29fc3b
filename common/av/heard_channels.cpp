// SPDX-License-Identifier: MIT
#include "av/heard_channels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

extern "C" {
#include <libswresample/swresample.h>
}

namespace livepusher::capture {
namespace {

constexpr int kMostKnown = 8;  // without a layout: more than that are tracks, not loudspeakers
constexpr int kPositions = 63;

AVChannelLayout usual(int channels) {
    AVChannelLayout layout{};
    av_channel_layout_default(&layout, channels);
    return layout;
}

AVChannelLayout ofMask(std::uint64_t mask) {
    AVChannelLayout layout{};
    av_channel_layout_from_mask(&layout, mask);
    return layout;
}

/// A custom layout's loudspeakers in libav's own order.
HeardChannels sorted(const AVChannelLayout& in) {
    std::uint64_t mask = 0;
    for (int position = 0; position < kPositions; ++position)
        if (av_channel_layout_index_from_channel(&in, static_cast<AVChannel>(position)) >= 0)
            mask |= std::uint64_t{1} << position;
    HeardChannels heard;
    if (mask == 0) return heard;
    heard.layout = ofMask(mask);
    for (int position = 0; position < kPositions; ++position)
        if ((mask >> position & 1U) != 0)
            heard.from.push_back(av_channel_layout_index_from_channel(&in, static_cast<AVChannel>(position)));
    return heard;
}

/// Whether libswresample knows how the one becomes the other, and nothing of it stays silent.
bool mixes(const AVChannelLayout& in, const AVChannelLayout& out) {
    if (in.nb_channels == 1 || av_channel_layout_compare(&in, &out) == 0) return true;
    constexpr std::size_t kMost = 64;
    std::array<double, kMost * kMost> matrix{};
    const int error =
        swr_build_matrix2(&in, &out, M_SQRT1_2, M_SQRT1_2, 0, 1, 1, matrix.data(), kMost, AV_MATRIX_ENCODING_NONE, nullptr);
    if (error < 0) return false;
    const int front = std::min(out.nb_channels, 2);
    for (int channel = 0; channel < front; ++channel) {
        const auto* row = matrix.data() + static_cast<std::size_t>(channel) * kMost;
        if (std::all_of(row, row + in.nb_channels, [](double part) { return part == 0; })) return false;
    }
    return true;
}

HeardChannels pair(const AVChannelLayout& in) {
    const int left = av_channel_layout_index_from_channel(&in, AV_CHAN_FRONT_LEFT);
    const int right = av_channel_layout_index_from_channel(&in, AV_CHAN_FRONT_RIGHT);
    if (in.nb_channels < 2) return {{}, usual(1)};
    if (left >= 0 && right >= 0) return {{left, right}, usual(2)};
    return {{0, 1}, usual(2)};
}

}  // namespace

HeardChannels HeardChannels::of(const AVChannelLayout& in, const AVChannelLayout& out) {
    HeardChannels heard;
    switch (in.order) {
        case AV_CHANNEL_ORDER_NATIVE: heard.layout = in; break;
        case AV_CHANNEL_ORDER_CUSTOM: heard = sorted(in); break;
        case AV_CHANNEL_ORDER_AMBISONIC:
            if (in.nb_channels < 4) break;
            return {{0, 1}, usual(2), true};
        case AV_CHANNEL_ORDER_UNSPEC:
            if (in.nb_channels <= kMostKnown) heard.layout = usual(in.nb_channels);
            break;
    }
    return heard.layout.nb_channels > 0 && mixes(heard.layout, out) ? heard : pair(in);
}

}  // namespace livepusher::capture
