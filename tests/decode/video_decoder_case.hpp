// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "coded_stream.hpp"
#include "decode/decoders.hpp"
#include "told.hpp"

namespace livepusher::decode::test {

using namespace std::chrono_literals;
using livepusher::test::codedStream;
using livepusher::test::StreamRecipe;
using Bytes = std::vector<std::uint8_t>;

inline StreamRecipe recipe(VideoCodec codec = VideoCodec::h264, bool lowLatency = true) {
    return {.videoCodec = codec, .audio = false, .lowLatency = lowLatency};
}

/// A decoder that is given packets 40 ms after each other, and what came of them.
class VideoDecoderTest : public testing::Test {
protected:
    Told told;
    std::unique_ptr<VideoDecoder> decoder = makeVideoDecoder(VideoDecoderType::software, told);
    std::vector<Picture> pictures;
    Timestamp now{100s};
    std::size_t mostWaiting = 0;

    Result<void> give(const Packet& packet) {
        auto result = decoder->send(packet, now);
        now += 40ms;
        mostWaiting = std::max(mostWaiting, decoder->waiting());
        collect();
        return result;
    }
    void give(const std::vector<Packet>& packets) {
        for (const auto& packet : packets) {
            const auto result = give(packet);
            ASSERT_TRUE(result) << result.error().message;
        }
    }
    void finish() {
        decoder->drain();
        collect();
    }
    void collect() {
        while (auto picture = decoder->receive()) pictures.push_back(std::move(*picture));
    }
    void expectNothingWrong() {
        EXPECT_TRUE(told.damages.empty()) << told.damages[0];
        EXPECT_TRUE(told.gaps.empty()) << told.gaps[0];
        for (const auto& picture : pictures) EXPECT_TRUE(picture.intact) << picture.frame.pts.count();
    }
};

}  // namespace livepusher::decode::test
