// SPDX-License-Identifier: MIT
#pragma once

#include "media/packet.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

namespace livepusher::bench {

/// Frames of the sizes that an encoder makes at a bitrate: a key frame four times as big as the others, each up to 15 %
/// more or less, and over a group of pictures the bitrate. Each frame is of the bitrate given with it. The same for the same
/// seed.
class SyntheticEncoder {
public:
    SyntheticEncoder(int fps, int framesPerGroup, unsigned seed) : fps_(fps), group_(framesPerGroup), random_(seed) {}

    static Packet config(int width, int height, int fps, int bitrate) {
        // Constrained baseline, one SPS and one PPS: for receivers that look at it; nobody decodes this stream.
        static const std::vector<std::uint8_t> record{1,    0x42, 0xC0, 0x1F, 0xFF, 0xE1, 0, 9, 0x67, 0x42, 0xC0, 0x1F,
                                                      0xDA, 0x01, 0x40, 0x16, 0xE4, 1,    0, 4, 0x68, 0xCE, 0x3C, 0x80};
        auto packet = of(Packet::Track::Video, Packet::Kind::Config, Timestamp::zero(), record);
        packet.description = std::make_shared<Packet::Description>(
            Packet::Description{.width = width, .height = height, .fps = static_cast<double>(fps), .bitrate = bitrate});
        return packet;
    }

    Packet frame(Timestamp at, int kbps, bool key) {
        key = key || sinceKey_ + 1 >= group_;
        sinceKey_ = key ? 0 : sinceKey_ + 1;
        const double even = kbps * 125.0 / fps_ * group_ / (group_ + kKeySize - 1);
        const double size = even * (key ? kKeySize : 1) * std::uniform_real_distribution(0.85, 1.15)(random_);
        std::vector<std::uint8_t> data(std::max<std::size_t>(8, static_cast<std::size_t>(size)), 0x55);
        const auto length = data.size() - 4;
        for (std::size_t i = 0; i < 4; ++i) data[i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
        data[4] = key ? 0x65 : 0x41;
        return of(Packet::Track::Video, key ? Packet::Kind::Key : Packet::Kind::Delta, at, std::move(data));
    }

    static Packet of(Packet::Track track, Packet::Kind kind, Timestamp at, std::vector<std::uint8_t> data) {
        return {.track = track,
                .kind = kind,
                .pts = at,
                .dts = at,
                .data = std::make_shared<const std::vector<std::uint8_t>>(std::move(data)),
                .description = nullptr};
    }

private:
    static constexpr double kKeySize = 4;

    const int fps_, group_;
    int sinceKey_ = 1 << 20;  // the first is one
    std::mt19937 random_;
};

}  // namespace livepusher::bench
