// SPDX-License-Identifier: MIT
#include "media/capture_time.hpp"

#include <livepusher/message.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "media/nal.hpp"
#include "media/user_data.hpp"

namespace livepusher::base {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

/// A moment of 2026, and one whose bytes are zeros and must be escaped.
constexpr UtcTime kMoments[]{UtcTime(1'796'083'200'123'456us), UtcTime(0x0000'0001'0000'0002us), UtcTime{}};

Bytes lengths(const std::vector<Bytes>& units) {
    Bytes out;
    for (const auto& unit : units) {
        out.insert(out.end(), {0, 0, 0, static_cast<std::uint8_t>(unit.size())});
        out.insert(out.end(), unit.begin(), unit.end());
    }
    return out;
}

Packet key(const std::vector<Bytes>& units) {
    return Packet::coded(Packet::Track::Video, Packet::Kind::Key, {}, {}, lengths(units));
}

std::vector<Bytes> unitsOf(const Packet& packet) {
    std::vector<Bytes> out;
    for (const auto nal : splitLengths(*packet.data)) out.emplace_back(nal.begin(), nal.end());
    return out;
}

/// What a decoder gives of such a unit: its payload, without what escapes it.
Bytes userDataOf(const Bytes& unit, VideoCodec codec) {
    const Bytes head = codec == VideoCodec::hevc ? Bytes{78, 1, 5, 24} : Bytes{6, 5, 24};
    if (unit.size() < head.size() || !std::equal(head.begin(), head.end(), unit.begin())) return {};
    Bytes out;
    int zeros = 0;
    for (auto at = unit.begin() + static_cast<std::ptrdiff_t>(head.size()); at != unit.end(); ++at) {
        if (zeros == 2 && *at == 3) {
            zeros = 0;
            continue;
        }
        zeros = *at == 0 ? zeros + 1 : 0;
        out.push_back(*at);
    }
    if (out.empty() || out.back() != 0x80) return {};
    out.pop_back();
    return out;
}

struct Codec {
    VideoCodec codec;
    Bytes before, slice;  ///< what may stand before a picture, and one
};
const Codec kCodecs[]{{VideoCodec::h264, {0x67, 1, 2}, {0x65, 9, 9}}, {VideoCodec::hevc, {0x42, 1, 2}, {0x26, 1, 9}}};

}  // namespace

TEST(CaptureTime, IsReadAsItWasLaidInBeforeTheFirstSlice) {
    for (const auto& each : kCodecs)
        for (const auto moment : kMoments) {
            auto packet = key({each.before, each.slice, each.slice});
            addCaptureTime(packet, each.codec, moment);
            const auto units = unitsOf(packet);
            ASSERT_EQ(units.size(), 4U);
            EXPECT_EQ(units[0], each.before);
            EXPECT_EQ(units[2], each.slice);
            EXPECT_EQ(units[3], each.slice);
            const auto data = userDataOf(units[1], each.codec);
            EXPECT_TRUE(isCaptureTime(data));
            const auto read = captureTime(data);
            ASSERT_TRUE(read);
            EXPECT_EQ(*read, moment);
            for (const Bytes& mark : {Bytes{0, 0, 0}, Bytes{0, 0, 1}, Bytes{0, 0, 2}})
                EXPECT_TRUE(std::ranges::search(units[1], mark).empty()) << "not escaped";
        }
}

TEST(CaptureTime, LiesInMemoryAsDocumented) {
    Bytes data(kCaptureTimeUuid.begin(), kCaptureTimeUuid.end());
    EXPECT_FALSE(captureTime(data)) << "nothing behind its UUID";
    EXPECT_TRUE(isCaptureTime(data)) << "and all the same no message";
    data.insert(data.end(), {0x00, 0x06, 0x2b, 0x5a, 0x1b, 0x63, 0xc1});
    EXPECT_FALSE(captureTime(data)) << "cut off";
    data.push_back(0x00);
    ASSERT_TRUE(captureTime(data));
    EXPECT_EQ(captureTime(data)->time_since_epoch(), 0x0006'2b5a'1b63'c100us);
    data.push_back(0xff);
    ASSERT_TRUE(captureTime(data)) << "a later version's";
    EXPECT_EQ(captureTime(data)->time_since_epoch(), 0x0006'2b5a'1b63'c100us);
    data[16] = 0x80;
    EXPECT_FALSE(captureTime(data)) << "no such year";
}

TEST(CaptureTime, OtherUserDataIsNone) {
    Bytes message(kMessageUuid.begin(), kMessageUuid.end());
    message.insert(message.end(), {'1', '2', '3', '4', '5', '6', '7', '8'});
    EXPECT_FALSE(isCaptureTime(message));
    EXPECT_FALSE(captureTime(message));
    EXPECT_FALSE(isCaptureTime({}));
}

TEST(CaptureTime, APictureThatHasOneKeepsIt) {
    for (const auto& each : kCodecs) {
        auto packet = key({each.slice});
        addCaptureTime(packet, each.codec, kMoments[0]);
        const auto first = packet.data;
        addCaptureTime(packet, each.codec, kMoments[1]);
        EXPECT_EQ(packet.data, first);
    }
}

TEST(CaptureTime, OtherSeiStaysBeforeIt) {
    const Bytes text{'h', 'i'};
    for (const auto& each : kCodecs) {
        const auto message = userDataUnit(kMessageUuid, text, each.codec);
        auto packet = key({message, each.slice});
        addCaptureTime(packet, each.codec, kMoments[0]);
        const auto units = unitsOf(packet);
        ASSERT_EQ(units.size(), 3U);
        EXPECT_EQ(units[0], message);
        EXPECT_EQ(captureTime(userDataOf(units[1], each.codec)), kMoments[0]);
    }
}

TEST(CaptureTime, NothingIsDoneToAllElse) {
    const Bytes slice{0x65, 9, 9};
    auto delta = key({slice});
    delta.kind = Packet::Kind::Delta;
    auto sound = key({slice});
    sound.track = Packet::Track::Audio;
    const auto noPicture = key({{0x67, 1}});
    const auto noUnits = Packet::coded(Packet::Track::Video, Packet::Kind::Key, {}, {}, {0, 0, 0, 9, 0x65});
    for (auto packet : {delta, sound, noPicture, noUnits}) {
        const auto before = packet.data;
        addCaptureTime(packet, VideoCodec::h264, kMoments[0]);
        EXPECT_EQ(packet.data, before);
    }
    auto av1 = key({slice});
    const auto before = av1.data;
    addCaptureTime(av1, VideoCodec::av1, kMoments[0]);
    EXPECT_EQ(av1.data, before);
    auto early = key({slice});
    const auto as = early.data;
    addCaptureTime(early, VideoCodec::h264, UtcTime(-1us));
    EXPECT_EQ(early.data, as) << "before 1970";
    Packet empty{Packet::Track::Video, Packet::Kind::Key, {}, {}, nullptr, nullptr};
    addCaptureTime(empty, VideoCodec::h264, kMoments[0]);
    EXPECT_FALSE(empty.data);
}

TEST(CaptureTime, IsTheSystemsClockAtThatMoment) {
    using std::chrono::system_clock;
    const auto before = system_clock::now();
    const auto steady = now();
    const auto told = utcAt(steady + 1s);
    const auto after = system_clock::now();
    EXPECT_GE(told, std::chrono::time_point_cast<UtcTime::duration>(before) + 1s - 1ms);
    EXPECT_LE(told, after + 1s + 1ms);
}

}  // namespace livepusher::base
