// SPDX-License-Identifier: MIT
// What real encoders' key frames carry with captureClock.
#include "encode/encoders.hpp"
#include "fakes.hpp"
#include "media/capture_time.hpp"
#include "media/nal.hpp"
#include "pipeline/rendition_encodings.hpp"

#include <livepusher/message.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace livepusher::testing {

using base::UtcTime;
using pipeline::VideoEncoding;

namespace {

constexpr UtcTime kOrigin(1'796'083'200'123'456us);
constexpr int kFps = 25, kGop = 10, kWidth = 320, kHeight = 180;

/// The capture times in a packet of H.264.
std::vector<UtcTime> timesIn(const Packet& packet) {
    std::vector<UtcTime> found;
    for (const auto nal : base::splitLengths(*packet.data)) {
        if (base::AvcNal::type(nal) != base::AvcNal::kSei || nal.size() < 3) continue;
        std::vector<std::uint8_t> plain;  // without escapes
        for (std::size_t i = 3; i < nal.size(); ++i)
            if (nal[i] != 3 || i < 5 || nal[i - 1] != 0 || nal[i - 2] != 0) plain.push_back(nal[i]);
        if (const auto time = base::captureTime(plain)) found.push_back(*time);
    }
    return found;
}

}  // namespace

class CaptureClockTest : public ::testing::Test, public encode::PacketSink, public pipeline::LaneObserver {
protected:
    void take(Packet packet) override { packets_.push_back(std::move(packet)); }
    /// With look-ahead and B-frames, so that pictures come out late and in another order.
    static encode::VideoEncoderSettings wanted() {
        return {.width = kWidth, .height = kHeight, .fps = kFps, .gop = 600, .bitrate = 400, .lowLatency = false};
    }
    static VideoFrame frame(int number) {
        auto frame = grey(kWidth, kHeight, static_cast<std::uint8_t>(60 + number % 7 * 10));
        frame.pts = number * 40ms + 123us;
        return frame;
    }
    void expectTimes(std::optional<UtcTime> origin) {
        std::size_t keys = 0;
        for (const auto& packet : packets_) {
            if (packet.kind == Packet::Kind::Config) continue;
            const bool key = packet.kind == Packet::Kind::Key;
            keys += key ? 1 : 0;
            EXPECT_EQ(timesIn(packet), origin && key ? std::vector{*origin + packet.pts} : std::vector<UtcTime>{});
        }
        EXPECT_GE(keys, 3U);
    }
    std::vector<Packet> packets_;
    pipeline::LaneCounters counters_;
};

TEST_F(CaptureClockTest, EachKeyFrameCarriesItsOwnTimeAndNoOtherFrameOne) {
    for (const auto origin : {std::optional(kOrigin), std::optional<UtcTime>()}) {
        packets_.clear();
        VideoEncoding encoding(encode::makeX264Encoder(), *this, *this, counters_);
        for (int i = 0; i < 3 * kGop; ++i)
            encoding.encode(frame(i), wanted(), {.key = i % kGop == 0, .messages = {}, .captureOrigin = origin});
        encoding.close();
        expectTimes(origin);
    }
}

TEST_F(CaptureClockTest, RenditionsCarryThePushsTimes) {
    pipeline::LaneSettings settings;
    settings.properties.fps = kFps;
    settings.properties.mode = Mode::HD;
    settings.resolved = resolve(settings.properties);
    settings.adapted = {400, kWidth, kHeight};
    const Scene scene;  // its clock: what the rendition still holds at its end is encoded, however slow the machine is
    {
        pipeline::RenditionEncoding rendition({3, {.width = 160, .height = 90, .fps = kFps}}, encode::makeX264Encoder(), *this,
                                              *this);
        for (int i = 0; i < 3 * kGop; ++i) {
            rendition.give(frame(i), settings, {.key = i % kGop == 0, .messages = {}, .captureOrigin = kOrigin});
            std::this_thread::sleep_for(1ms);
        }
    }
    expectTimes(kOrigin);
}

}  // namespace livepusher::testing
