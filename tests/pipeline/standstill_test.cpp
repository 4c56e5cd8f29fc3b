// SPDX-License-Identifier: MIT
// A process that is stopped for a while: what is noticed, and what each track makes of it. Moments are handed in.
#include "pipeline/standstill.hpp"
#include "fakes.hpp"
#include "pipeline/audio_lane.hpp"
#include "pipeline/rate_controller.hpp"
#include "pipeline/send_queue.hpp"

#include <gtest/gtest.h>

namespace livepusher::testing {
namespace {

using namespace std::chrono_literals;
using pipeline::Standstill;

/// Gives blocks with the time stamps that it is told, all at once.
class Blocks final : public capture::AudioSource {
public:
    explicit Blocks(std::vector<Timestamp> times) : times_(std::move(times)) {}
    Result<void> start(const capture::WantedAudio& wanted, Sink& sink) override {
        const std::vector<float> samples(static_cast<std::size_t>(wanted.sampleRate / 100 * wanted.channels), 0.5F);
        for (const auto at : times_) sink.samples(samples.data(), static_cast<std::size_t>(wanted.sampleRate / 100), at);
        return {};
    }
    void stop() override {}

private:
    const std::vector<Timestamp> times_;
};

}  // namespace

TEST(Standstill, IsAThreadThatComesBackMuchLaterThanItWasTo) {
    Standstill s;
    EXPECT_FALSE(s.noticed(100s)) << "nothing was expected";
    s.expect(10s, 9s);
    EXPECT_FALSE(s.noticed(10'900ms)) << "a busy machine";
    EXPECT_FALSE(s.outlived(1s));
    s.expect(11s, 10'900ms);
    EXPECT_TRUE(s.noticed(311s));
    EXPECT_TRUE(s.outlived(310s));
    EXPECT_FALSE(s.outlived(310'900ms)) << "a microphone's delay";
}

TEST(Standstill, AMomentThatWasPastAlreadyIsNoStandstill) {
    Standstill s;
    s.expect(1s, 100s);
    EXPECT_FALSE(s.noticed(100s));
}

TEST(Standstill, FiveMinutesAreAGapInTheSoundAndAllBeforeItComesOut) {
    pipeline::LaneSettings settings;
    settings.resolved = resolve(Properties{});
    settings.encode = true;
    settings.audioCodecs = {AudioCodec::aac};
    settings.origin = now() - 400s;
    base::Latest<pipeline::LaneSettings> latest(settings);
    const auto first = settings.origin + 10s;
    struct : encode::PacketSink, pipeline::LaneObserver {
        void take(Packet p) override {
            if (p.kind == Packet::Kind::Config) return;
            packets.emplace_back(p.pts, p.data->front() != 0);
            journal.note("packet");
        }
        Journal journal;
        std::vector<std::pair<Timestamp, bool>> packets;  // when, whether it is sound; the audio thread's until the lane is gone
    } out;
    {
        Scene scene;
        pipeline::AudioLane lane(
            {.source = std::make_unique<Blocks>(std::vector{first, first + 10ms, first + 20ms, first + 310s}),
             .clock = std::make_unique<FakeClockMatcher>(),
             .chain = [](base::AudioFormat) { return std::make_unique<FakeAudioChain>(); },
             .encoder = [&scene](AudioCodec) { return std::make_unique<FakeAudioEncoder>(scene); }},
            latest, out, out);
        ASSERT_TRUE(out.journal.await("packet", 10));
    }
    const auto& packets = out.packets;
    // 30 ms of sound are one frame and a half: the second one is filled up. Then the next block, at its own time.
    ASSERT_GE(packets.size(), 4U);
    EXPECT_EQ(packets[0], std::pair(Timestamp(10s), true));
    EXPECT_NEAR(static_cast<double>(packets[1].first.count()), 10'021'333, 2);
    EXPECT_EQ(packets[2], std::pair(Timestamp(320s), true));
    EXPECT_LT(packets.size(), 100U) << "silence was made up for all that was missed";
    for (std::size_t n = 1; n < packets.size(); ++n) EXPECT_GT(packets[n].first, packets[n - 1].first);
}

TEST(Standstill, AHoleInTimeIsNoMediaThatWaits) {
    pipeline::SendQueue q(2s);
    pipeline::SendQueue::Outlet outlet;
    q.attach(outlet, 1h, true);
    const auto push = [&](Packet::Track track, Packet::Kind kind, Timestamp at) {
        return q.push({track, kind, at, at, nullptr, nullptr});
    };
    push(Packet::Track::Video, Packet::Kind::Key, 0s);
    push(Packet::Track::Audio, Packet::Kind::Key, 20ms);
    push(Packet::Track::Video, Packet::Kind::Delta, 40ms);
    EXPECT_FALSE(push(Packet::Track::Video, Packet::Kind::Delta, 300s));
    EXPECT_FALSE(push(Packet::Track::Audio, Packet::Kind::Key, 300'010ms));
    EXPECT_EQ(q.counts().droppedVideo + q.counts().droppedAudio, 0U);
    EXPECT_EQ(q.counts().span, 50ms);
}

TEST(Standstill, TheBitrateStaysWhereItWas) {
    using Rate = pipeline::RateController;
    Rate rate({.min = 200, .max = 1000, .audio = 96});
    rate.connected();
    Rate::Time at{};
    std::uint64_t acknowledged = 0;
    for (int n = 0; n < 50; ++n) rate.tick({.at = at += 100ms, .acknowledged = acknowledged += 13'700, .encoded = acknowledged});
    rate.tick({.at = at += 100ms, .acknowledged = acknowledged, .outstanding = 60'000, .oldest = 300s, .encoded = acknowledged});
    rate.forget();
    const auto after = rate.tick({.at = at += 300s, .acknowledged = acknowledged += 13'700, .encoded = acknowledged});
    EXPECT_EQ(after.bitrate, 1000);
    EXPECT_FALSE(after.skip);
}

}  // namespace livepusher::testing
