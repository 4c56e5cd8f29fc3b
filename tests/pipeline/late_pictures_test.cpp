// SPDX-License-Identifier: MIT
// A source whose pictures come later than they belong, as of a film that is decoded too slowly.
#include "fakes.hpp"
#include "pipeline/video_lane.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace livepusher::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::floor, std::chrono::milliseconds;

/// Gives the frames that it is told to.
class ByHand final : public capture::VideoSource {
public:
    explicit ByHand(Sink*& sink) : sink_(sink) {}
    Result<capture::VideoSourceFormat> start(const capture::WantedVideo& wanted, Sink& sink) override {
        sink_ = &sink;
        return capture::VideoSourceFormat{wanted.width, wanted.height, 30, false, "by hand"};
    }
    void stop() override {}

private:
    Sink*& sink_;
};

/// Remembers what comes, by its grey.
class Eye final : public encode::VideoEncoder {
public:
    struct Seen {
        Journal journal;
        std::vector<Timestamp> times;  ///< the video thread's until the lane is gone
    };
    explicit Eye(Seen& seen) : seen_(seen) {}
    Result<std::string> open(const encode::VideoEncoderSettings&, encode::PacketSink&) override {
        seen_.journal.note("open");
        return std::string("eye");
    }
    void addMessage(std::string) override {}
    Result<bool> encode(const VideoFrame& frame, bool) override {
        seen_.times.push_back(frame.pts);
        seen_.journal.note("grey " + std::to_string(frame.plane(0)[0]));
        return false;
    }
    Result<void> setBitrate(int) override { return {}; }
    void close() override {}

private:
    Seen& seen_;
};

class LatePictures : public ::testing::Test, public encode::PacketSink, public pipeline::LaneObserver {
protected:
    LatePictures() {
        settings_.resolved = resolve(Properties{});
        settings_.adapted = {settings_.resolved.maxBitrate, settings_.resolved.width, settings_.resolved.height};
        settings_.encode = true;
        settings_.origin = now() - 400s;
        latest_.publish(settings_);
    }
    void take(Packet) override {}
    void opened(std::string) override { seen_.journal.note("source"); }
    std::unique_ptr<pipeline::VideoLane> lane() {
        return std::make_unique<pipeline::VideoLane>(pipeline::VideoLane::Parts{.source = std::make_unique<ByHand>(sink_),
                                                                                .effects = std::make_unique<NoEffect>(),
                                                                                .encoder = std::make_unique<Eye>(seen_)},
                                                     latest_, *this, *this);
    }
    void give(int luma, Timestamp pts) {
        auto frame = grey(settings_.resolved.width, settings_.resolved.height, static_cast<std::uint8_t>(luma));
        frame.pts = pts;
        sink_->frame(std::move(frame));
    }

    const FakeClock clock_;
    Eye::Seen seen_;
    capture::VideoSource::Sink* sink_ = nullptr;
    pipeline::LaneSettings settings_;
    base::Latest<pipeline::LaneSettings> latest_{{}};
};

TEST_F(LatePictures, AreSeenAfterAStillOneStoodInForThem) {
    auto lane = this->lane();
    ASSERT_TRUE(seen_.journal.await("source"));
    const auto behind = now() - 5s;
    give(60, behind);
    ASSERT_TRUE(seen_.journal.await("grey 60", 3)) << "it is repeated, with the time of now";
    for (int luma = 70; luma < 75; ++luma) {
        give(luma, behind + (luma - 69) * 100ms);  // none that the frame rate would leave out
        ASSERT_TRUE(seen_.journal.await("grey " + std::to_string(luma)));
    }
    lane.reset();
    for (std::size_t n = 1; n < seen_.times.size(); ++n) EXPECT_GT(seen_.times[n], seen_.times[n - 1]);
}

/// With times of either half of a millisecond: the wire has the nearest.
class LatePicturesOfAMillisecond : public LatePictures, public ::testing::WithParamInterface<int> {};

TEST_P(LatePicturesOfAMillisecond, GetTheNextOneWhereTheirOwnIsThatOfTheOneBefore) {
    std::this_thread::sleep_for(std::chrono::microseconds(GetParam()));  // of the fake clock, from the origin on
    auto lane = this->lane();
    ASSERT_TRUE(seen_.journal.await("source"));
    give(60, now());
    ASSERT_TRUE(seen_.journal.await("grey 60", 3)) << "it stands in for those that do not come";
    give(61, now() + 400us);
    give(62, now() + 100ms);
    ASSERT_TRUE(seen_.journal.await("grey 61"));
    ASSERT_TRUE(seen_.journal.await("grey 62"));
    lane.reset();
    for (std::size_t n = 1; n < seen_.times.size(); ++n) {
        EXPECT_GT(floor<milliseconds>(seen_.times[n] + 500us), floor<milliseconds>(seen_.times[n - 1] + 500us))
            << "the server would hear of two pictures at one time";
    }
}

INSTANTIATE_TEST_SUITE_P(Microseconds, LatePicturesOfAMillisecond, ::testing::Values(0, 300, 600, 900));

TEST_F(LatePictures, BehindAHoleInTimeTheEncoderBeginsAnewSoThatNoneOfItsPicturesWaits) {
    auto lane = this->lane();
    ASSERT_TRUE(seen_.journal.await("source"));
    give(60, settings_.origin + 1s);
    ASSERT_TRUE(seen_.journal.await("grey 60"));
    EXPECT_EQ(seen_.journal.seen("open"), 1U);
    give(61, settings_.origin + 301s);
    ASSERT_TRUE(seen_.journal.await("grey 61"));
    EXPECT_EQ(seen_.journal.seen("open"), 2U);
}

}  // namespace
}  // namespace livepusher::testing
