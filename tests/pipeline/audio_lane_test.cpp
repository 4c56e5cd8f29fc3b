// SPDX-License-Identifier: MIT
#include "pipeline/audio_lane.hpp"
#include "fakes.hpp"

#include <gtest/gtest.h>

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
    settings.resolved = resolve({});
    settings.encode = true;
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
                                  .encoder = std::make_unique<FakeAudioEncoder>(scene)},
                                 latest, out, out);
        ASSERT_TRUE(out.journal.await("silence", 20));
    }
    const auto& times = out.times;
    EXPECT_GE(times.front(), 40ms) << "room for an encoder's priming";
    for (std::size_t i = 1; i < times.size(); ++i) ASSERT_NEAR(static_cast<double>((times[i] - times[i - 1]).count()), 21'333, 2);
}

}  // namespace livepusher::testing
