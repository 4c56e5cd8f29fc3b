// SPDX-License-Identifier: MIT
#include "pipeline/audio_lane.hpp"
#include "fakes.hpp"

#include <gtest/gtest.h>

#include <map>
#include <utility>

namespace livepusher::testing {
namespace {

/// Says that it is open and gives nothing.
class DeadMicrophone final : public capture::AudioSource {
public:
    Result<void> start(const capture::WantedAudio&, Sink&) override { return {}; }
    void stop() override {}
};

}  // namespace

TEST(AudioLane, AMicrophoneThatGivesNothingStillHasATrackOfSilenceWithoutHoles) {
    pipeline::LaneSettings settings;
    settings.resolved = resolve(Properties{});
    settings.encode = true;
    settings.audioCodecs = {AudioCodec::aac};
    settings.origin = now();
    base::Latest<pipeline::LaneSettings> latest(settings);
    struct : encode::PacketSink, pipeline::LaneObserver {
        void take(Packet p) override {
            if (p.kind == Packet::Kind::Config) return;
            times.push_back(p.pts);
            journal.note(p.data->front() ? "sound" : "silence");
        }
        Journal journal;
        std::vector<Timestamp> times;  // the audio thread's until the lane is gone
    } out;
    {
        Scene scene;
        pipeline::AudioLane lane({.source = std::make_unique<DeadMicrophone>(),
                                  .clock = std::make_unique<FakeClockMatcher>(),
                                  .chain = [](base::AudioFormat) { return std::make_unique<FakeAudioChain>(); },
                                  .encoder = [&scene](AudioCodec) { return std::make_unique<FakeAudioEncoder>(scene); }},
                                 latest, out, out);
        ASSERT_TRUE(out.journal.await("silence", 20));
    }
    const auto& times = out.times;
    EXPECT_GE(times.front(), 40ms) << "room for an encoder's priming";
    for (std::size_t i = 1; i < times.size(); ++i) ASSERT_NEAR(static_cast<double>((times[i] - times[i - 1]).count()), 21'333, 2);
}

TEST(AudioLane, EachCodingOfTheSoundIsWholeAndComesAndGoesByItself) {
    pipeline::LaneSettings settings;
    settings.resolved = resolve(Properties{});
    settings.encode = true;
    settings.audioCodecs = {AudioCodec::aac};
    settings.origin = now();
    base::Latest<pipeline::LaneSettings> latest(settings);
    struct : encode::PacketSink, pipeline::LaneObserver {
        void take(Packet p) override {
            const auto name = std::to_string(p.rendition);
            if (p.kind != Packet::Kind::Config) times[p.rendition].push_back(p.pts);
            journal.note(p.kind == Packet::Kind::Config ? "config " + name : name);
        }
        Journal journal;
        std::map<int, std::vector<Timestamp>> times;  // the audio thread's until the lane is gone
    } out;
    constexpr int kOpus = 2;
    {
        Scene scene;
        pipeline::AudioLane lane({.source = std::make_unique<DeadMicrophone>(),
                                  .clock = std::make_unique<FakeClockMatcher>(),
                                  .chain = [](base::AudioFormat) { return std::make_unique<FakeAudioChain>(); },
                                  .encoder =
                                      [&scene](AudioCodec codec) {
                                          return std::make_unique<FakeAudioEncoder>(scene,
                                                                                    codec == AudioCodec::opus ? 960 : 1024);
                                      }},
                                 latest, out, out);
        const auto want = [&](std::vector<AudioCodec> codecs) {
            settings.audioCodecs = std::move(codecs);
            latest.publish(settings);
            lane.settingsChanged();
        };
        ASSERT_TRUE(out.journal.await("0", 5));
        want({AudioCodec::aac, AudioCodec::opus});
        ASSERT_TRUE(out.journal.await(std::to_string(kOpus), 10));
        want({AudioCodec::opus});
        ASSERT_TRUE(out.journal.await(std::to_string(kOpus), out.journal.seen(std::to_string(kOpus)) + 10));
    }
    EXPECT_EQ(out.journal.seen("config 0"), 1U);
    EXPECT_EQ(out.journal.seen("config 2"), 1U);
    for (const auto& [rendition, length] : {std::pair(0, 21'333), std::pair(kOpus, 20'000)}) {
        const auto& times = out.times[rendition];
        for (std::size_t i = 1; i < times.size(); ++i)
            ASSERT_NEAR(static_cast<double>((times[i] - times[i - 1]).count()), length, 2) << rendition;
    }
    EXPECT_LT(out.times[0].back(), out.times[kOpus].back()) << "nobody wants it any more";
    EXPECT_GE(out.times[kOpus].front(), out.times[0][3]) << "it began later";
}

}  // namespace livepusher::testing
