// SPDX-License-Identifier: MIT
#include "pipeline/replay_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "packets.hpp"

namespace livepusher::pipeline {
namespace {

using namespace std::chrono_literals;
using Kind = Packet::Kind;
using Track = Packet::Track;

class ReplayBufferTest : public ::testing::Test {
protected:
    void picture(Timestamp at, Kind kind, std::size_t size = 10) {
        buffer_.keep(rtmp::test::media(Track::Video, kind, at.count(), at.count(), std::string(size, 'v')));
    }
    void sound(Timestamp at) { buffer_.keep(rtmp::test::media(Track::Audio, Kind::Key, at.count(), at.count(), "a")); }
    void config(Track track, const char* record) { buffer_.keep(rtmp::test::media(track, Kind::Config, 0, 0, record)); }
    /// A picture each 100 ms, every tenth a key frame, and a sound each 50 ms that has come 60 ms earlier.
    void stream(Timestamp from, Timestamp to) {
        for (auto at = from; at < to; at += 50ms) {
            sound(at + 50ms);
            if (at.count() % 100'000 == 0) picture(at, at.count() % 1'000'000 == 0 ? Kind::Key : Kind::Delta);
        }
    }
    static std::string said(const std::vector<Packet>& packets) {
        std::string text;
        for (const auto& packet : packets)
            if (packet.kind == Kind::Config) text += std::string(packet.data->begin(), packet.data->end()) + " ";
        return text;
    }
    static std::vector<Packet> media(std::vector<Packet> packets) {
        std::erase_if(packets, [](const Packet& p) { return p.kind == Kind::Config; });
        return packets;
    }

    ReplayBuffer buffer_;
};

TEST_F(ReplayBufferTest, KeepsNothingWhereNothingIsAskedFor) {
    stream(0s, 3s);
    EXPECT_TRUE(buffer_.take().empty());
    buffer_.begin(5s);
    EXPECT_TRUE(buffer_.take().empty());
    sound(0s);
    picture(100ms, Kind::Delta);
    EXPECT_TRUE(buffer_.take().empty()) << "no picture to begin at";
}

TEST_F(ReplayBufferTest, GivesTheLastSecondsFromAKeyFrameOnInTheOrderOfTime) {
    buffer_.begin(3s);
    config(Track::Video, "size1");
    config(Track::Audio, "asc");
    stream(0s, 20'500ms);
    const auto packets = buffer_.take();
    EXPECT_EQ(said(packets), "asc size1 ");
    EXPECT_EQ(packets[0].kind, Kind::Config);
    EXPECT_EQ(packets[1].kind, Kind::Config);
    const auto all = media(packets);
    const auto first = std::ranges::find(all, Track::Video, &Packet::track);
    EXPECT_EQ(first->kind, Kind::Key);
    EXPECT_EQ(first->dts, 17s) << "3 s before the last, and a key frame";
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Packet::dts));
    EXPECT_EQ(std::ranges::count(all, Track::Video, &Packet::track), 35);
    EXPECT_EQ(buffer_.take().size(), packets.size()) << "it is there still";
}

TEST_F(ReplayBufferTest, KeepsEachConfigBeforeWhatItGoverns) {
    buffer_.begin(3s);
    config(Track::Video, "size1");
    stream(0s, 10s);
    config(Track::Video, "size2");
    stream(10s, 12s);
    const auto packets = buffer_.take();
    EXPECT_EQ(said(packets), "size1 size2 ");
    const auto second = std::ranges::find_if(
        packets, [](const Packet& p) { return p.kind == Kind::Config && *p.data == rtmp::test::text("size2"); });
    const auto next =
        std::find_if(second, packets.end(), [](const Packet& p) { return p.track == Track::Video && p.kind != Kind::Config; });
    EXPECT_EQ(next->dts, 10s);
    EXPECT_EQ(next->kind, Kind::Key);
    stream(12s, 20s);
    EXPECT_EQ(said(buffer_.take()), "size2 ");
}

TEST_F(ReplayBufferTest, BeginsSoundAloneAnywhere) {
    buffer_.begin(2s);
    for (auto at = Timestamp(0); at <= 10s; at += 20ms) sound(at);
    const auto packets = buffer_.take();
    EXPECT_EQ(packets.front().dts, 8s);
    EXPECT_EQ(packets.size(), 101U);
}

TEST_F(ReplayBufferTest, IsBoundedInMemoryWhateverTheSecondsAre) {
    constexpr std::size_t kLarge = 16 * 1024 * 1024;
    buffer_.begin(600s);
    const auto frame = std::make_shared<const std::vector<std::uint8_t>>(kLarge);  // one for all: the count is what matters
    const auto add = [&](int number, Kind kind) {
        buffer_.keep({Track::Video, kind, Timestamp(number * 100'000), Timestamp(number * 100'000), frame, {}});
    };
    for (int n = 0; n < 40; ++n) add(n, n % 4 == 0 ? Kind::Key : Kind::Delta);
    auto packets = buffer_.take();
    EXPECT_LE(packets.size() * kLarge, ReplayBuffer::kMost);
    EXPECT_GE(packets.size(), 12U);
    EXPECT_EQ(packets.front().kind, Kind::Key);
    for (int n = 40; n < 80; ++n) add(n, Kind::Delta);
    EXPECT_TRUE(buffer_.take().empty()) << "too long without a key frame";
    add(80, Kind::Key);
    EXPECT_EQ(buffer_.take().size(), 1U);
}

}  // namespace
}  // namespace livepusher::pipeline
