// SPDX-License-Identifier: MIT
#include "capture/file/packet_buffer.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace livepusher::capture {
namespace {

constexpr Timestamp ms(std::int64_t count) { return Timestamp(count * 1000); }

MediaItem packet(std::int64_t at, bool key = true, int bytes = 100) {
    MediaItem item{.packet = PacketPtr(av_packet_alloc()), .at = ms(at), .duration = ms(40)};
    av_new_packet(item.packet.get(), bytes);
    item.packet->flags = key ? AV_PKT_FLAG_KEY : 0;
    return item;
}

class PacketBufferTest : public ::testing::Test {
protected:
    explicit PacketBufferTest(bool live = false) : buffer(live) {
        for (const auto track : kTracks) {
            buffer.setPresent(track, true);
            buffer.setReading(track, true);
        }
    }
    void fill(Track track, std::int64_t from, std::int64_t to, int keyEvery = 1, int bytes = 100) {
        for (auto at = from; at < to; at += 40) buffer.push(track, packet(at, (at - from) / 40 % keyEvery == 0, bytes));
    }
    /// Whether the demuxer would be held back now: a thread tries it, and is let go.
    bool holdsBack() {
        auto held = std::async(std::launch::async, [&] { return buffer.waitForRoom(); });
        const bool waits = held.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout;
        buffer.close();
        held.wait();
        return waits;
    }
    PacketBuffer buffer;
};

class LivePacketBufferTest : public PacketBufferTest {
protected:
    LivePacketBufferTest() : PacketBufferTest(true) {}
};

TEST_F(PacketBufferTest, HoldsBackWhenEachTrackHasEnough) {
    fill(Track::Video, 0, 2000);
    fill(Track::Audio, 0, 2000);
    EXPECT_TRUE(holdsBack());
}

TEST_F(PacketBufferTest, OneTrackAloneNeverHoldsBackTheOther) {
    fill(Track::Video, 0, 20'000);
    EXPECT_FALSE(holdsBack());
}

TEST_F(PacketBufferTest, ATrackThatIsNotThereOrHasEndedHoldsBackNothing) {
    fill(Track::Video, 0, 2000);
    buffer.push(Track::Audio, {.kind = MediaItem::Kind::Ended});
    EXPECT_TRUE(holdsBack());
}

TEST_F(PacketBufferTest, TooMuchInAllHoldsBackAndIsRemembered) {
    EXPECT_FALSE(buffer.lastFull());
    const int bytes = 4 << 20;
    for (std::size_t sum = 0; sum < PacketBuffer::kMaxBytes; sum += bytes)
        buffer.push(Track::Video, packet(static_cast<std::int64_t>(sum / bytes) * 40, true, bytes));
    EXPECT_TRUE(holdsBack());
    EXPECT_TRUE(buffer.lastFull());
}

TEST_F(PacketBufferTest, WhatPlaysTooSlowlyGoesOnFromTheFirstKeyFrameThatIsDueLater) {
    fill(Track::Video, 0, 2400, 10);  // key frames at 0, 400, …, 2000
    EXPECT_TRUE(buffer.passOver(Track::Video, ms(1300)));
    EXPECT_EQ(buffer.pop(Track::Video)->kind, MediaItem::Kind::Flush);
    EXPECT_EQ(buffer.pop(Track::Video)->at, ms(1600));
}

TEST_F(PacketBufferTest, OrElseFromTheLastKeyFrameThereIs) {
    fill(Track::Video, 0, 1000, 10);
    EXPECT_TRUE(buffer.passOver(Track::Video, ms(5000)));
    EXPECT_EQ(buffer.pop(Track::Video)->kind, MediaItem::Kind::Flush);
    EXPECT_EQ(buffer.pop(Track::Video)->at, ms(800));
}

TEST_F(PacketBufferTest, NothingIsPassedOverWhereNoKeyFrameLiesAheadOrItIsNext) {
    fill(Track::Video, 0, 1000, 100);
    EXPECT_EQ(buffer.pop(Track::Video)->at, ms(0));
    EXPECT_FALSE(buffer.passOver(Track::Video, ms(800)));
    EXPECT_EQ(buffer.pop(Track::Video)->at, ms(40));
    buffer.push(Track::Audio, packet(500));
    EXPECT_FALSE(buffer.passOver(Track::Audio, ms(400)));
    EXPECT_EQ(buffer.pop(Track::Audio)->at, ms(500));
}

TEST_F(PacketBufferTest, OverduePicturesWithoutAKeyFrameMakeRoomForTheSound) {
    const int bytes = 4 << 20;
    std::int64_t at = 0;
    for (std::size_t sum = 0; sum < PacketBuffer::kMaxBytes; sum += bytes, at += 40)
        buffer.push(Track::Video, packet(at, false, bytes));
    EXPECT_TRUE(buffer.passOver(Track::Video, ms(at)));
    EXPECT_TRUE(buffer.empty(Track::Video));
    buffer.push(Track::Video, packet(at, false, bytes));
    EXPECT_TRUE(buffer.empty(Track::Video)) << "of no use until a key frame";
    fill(Track::Audio, 0, 2000);
    buffer.push(Track::Video, packet(at, true, bytes));
    EXPECT_EQ(buffer.pop(Track::Video)->kind, MediaItem::Kind::Flush);
    EXPECT_EQ(buffer.pop(Track::Video)->at, ms(at));
}

TEST_F(PacketBufferTest, WhileAKeyFrameIsLookedForTheSoundHoldsBackTheReading) {
    const int bytes = 4 << 20;
    for (std::size_t sum = 0; sum < PacketBuffer::kMaxBytes; sum += bytes) buffer.push(Track::Video, packet(0, false, bytes));
    ASSERT_TRUE(buffer.passOver(Track::Video, ms(1000)));
    fill(Track::Audio, 0, 2000);
    EXPECT_TRUE(holdsBack()) << "or the file would be run through";
}

TEST_F(PacketBufferTest, WhatIsLeftOfAFileThatIsOverIsPassedOverToo) {
    fill(Track::Video, 0, 1000, 100);
    EXPECT_EQ(buffer.pop(Track::Video)->at, ms(0));
    buffer.push(Track::Video, {.kind = MediaItem::Kind::Ended});
    EXPECT_FALSE(buffer.passOver(Track::Video, ms(999)));
    EXPECT_TRUE(buffer.passOver(Track::Video, ms(1000)));
    EXPECT_EQ(buffer.pop(Track::Video)->kind, MediaItem::Kind::Flush);
    EXPECT_EQ(buffer.pop(Track::Video)->kind, MediaItem::Kind::Ended);
}

TEST_F(PacketBufferTest, ItemsComeInOrderAndTheEndStays) {
    fill(Track::Video, 0, 80);
    buffer.push(Track::Video, {.kind = MediaItem::Kind::Ended});
    EXPECT_EQ(buffer.pop(Track::Video)->at, ms(0));
    EXPECT_EQ(buffer.pop(Track::Video)->at, ms(40));
    EXPECT_EQ(buffer.pop(Track::Video)->kind, MediaItem::Kind::Ended);
    EXPECT_EQ(buffer.pop(Track::Video)->kind, MediaItem::Kind::Ended);
}

TEST_F(PacketBufferTest, AWaitIsBrokenOffByAStop) {
    auto waits = std::async(std::launch::async, [&] { return buffer.pop(Track::Audio).has_value(); });
    buffer.setReading(Track::Audio, false);
    EXPECT_FALSE(waits.get());
}

TEST_F(PacketBufferTest, WhoJoinsLaterBeginsAtTheLastKeyFrame) {
    buffer.setReading(Track::Video, false);
    fill(Track::Video, 0, 2000, 10);  // a key frame each 400 ms
    buffer.prune(ms(1000));
    buffer.setReading(Track::Video, true);
    EXPECT_EQ(buffer.pop(Track::Video)->kind, MediaItem::Kind::Flush);
    EXPECT_EQ(buffer.pop(Track::Video)->at, ms(800));
}

TEST_F(LivePacketBufferTest, WhatIsLiveIsNeverHeldBackAndTheOldestGoes) {
    fill(Track::Video, 0, 60'000, 25);
    EXPECT_FALSE(holdsBack());
    const auto first = buffer.pop(Track::Video);
    EXPECT_EQ(first->kind, MediaItem::Kind::Flush);
    EXPECT_GE(buffer.pop(Track::Video)->at, ms(29'000));
}

}  // namespace
}  // namespace livepusher::capture
