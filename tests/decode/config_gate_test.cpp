// SPDX-License-Identifier: MIT
#include "decode/config_gate.hpp"
#include "decode/episode.hpp"

#include <gtest/gtest.h>

namespace livepusher::decode {
namespace {

using namespace std::chrono_literals;

Packet config(std::uint8_t byte, Packet::Description told = {}) { return Packet::config(Packet::Track::Video, {byte}, told); }

TEST(ConfigGate, LetsOneThroughThatIsAnother) {
    ConfigGate gate;
    EXPECT_FALSE(gate.take(0s));
    EXPECT_TRUE(gate.offer(config(1)));
    EXPECT_TRUE(gate.waits());
    ASSERT_TRUE(gate.take(0s));
    EXPECT_FALSE(gate.waits());
    EXPECT_FALSE(gate.offer(config(1, {.bitrate = 500}))) << "what metadata says is no matter";
    EXPECT_FALSE(gate.take(0s));
    EXPECT_TRUE(gate.offer(config(1, {.videoCodec = VideoCodec::hevc})));
    EXPECT_TRUE(gate.offer(config(2, {.videoCodec = VideoCodec::hevc})));
}

TEST(ConfigGate, OfSoundWithoutAHeaderTheFlagsAreTheConfig) {
    const auto sound = [](int rate) {
        return Packet::config(Packet::Track::Audio, {}, {.sampleRate = rate, .headerless = Packet::HeaderlessSound::ALaw});
    };
    ConfigGate gate;
    EXPECT_TRUE(gate.offer(sound(8000)));
    EXPECT_FALSE(gate.offer(sound(8000)));
    EXPECT_TRUE(gate.offer(sound(16000)));
}

TEST(ConfigGate, FiveASecondAndThenTheNewest) {
    ConfigGate gate;
    int opened = 0;
    for (int n = 0; n < 90; ++n) {
        gate.offer(config(static_cast<std::uint8_t>(n)));
        opened += gate.take(n * 10ms).has_value();
    }
    EXPECT_EQ(opened, 5);
    EXPECT_TRUE(gate.waits());
    const auto last = gate.take(1s);
    ASSERT_TRUE(last);
    EXPECT_EQ(last->data->at(0), 89);
    EXPECT_FALSE(gate.take(2s));
}

TEST(Episode, IsToldAtItsBeginningAndOnceASecondAtMost) {
    Episode episode;
    EXPECT_TRUE(episode.bad(10s));
    EXPECT_FALSE(episode.bad(15s)) << "still the same";
    episode.good();
    EXPECT_TRUE(episode.bad(16s));
    episode.good();
    EXPECT_FALSE(episode.bad(16500ms));
    episode.good();
    EXPECT_TRUE(episode.bad(17s));
}

}  // namespace
}  // namespace livepusher::decode
