// SPDX-License-Identifier: MIT
#include "av/timeline.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace livepusher::capture {
namespace {

constexpr Timestamp ms(std::int64_t count) { return Timestamp(count * 1000); }

/// A recorded stamp log: packets of 40 ms pictures and 20 ms sound, interleaved as muxers do.
class TimelineTest : public ::testing::Test {
protected:
    TimelineTest() {
        timeline.setUsualDuration(Track::Video, ms(40));
        timeline.setUsualDuration(Track::Audio, ms(20));
        timeline.begin(ms(0), ms(0));
    }
    Timeline::Place video(std::int64_t dts, std::int64_t duration = 40) {
        return timeline.place(Track::Video, {.pts = ms(dts), .dts = ms(dts), .duration = ms(duration)});
    }
    Timeline::Place audio(std::int64_t dts) {
        return timeline.place(Track::Audio, {.pts = ms(dts), .dts = ms(dts), .duration = ms(20)});
    }
    /// Both tracks from `from` to `to` of the container's time.
    void both(std::int64_t from, std::int64_t to) {
        for (auto at = from; at < to; at += 40) {
            lastVideo = video(at);
            audio(at);
            lastAudio = audio(at + 20);
        }
    }
    Timeline timeline;
    Timeline::Place lastVideo, lastAudio;
};

TEST_F(TimelineTest, WhatIsInOrderStaysAsItIs) {
    both(0, 10'000);
    EXPECT_EQ(lastVideo.dts, ms(9960));
    EXPECT_EQ(lastAudio.dts, ms(9980));
    EXPECT_EQ(timeline.restarts(), 0);
    EXPECT_FALSE(timeline.hasCounted());
}

TEST_F(TimelineTest, TheFirstTimeOfTheFileIsZero) {
    Timeline late;
    late.begin(ms(500'000), ms(2000));
    EXPECT_EQ(late.place(Track::Video, {.pts = ms(500'080), .dts = ms(500'000), .duration = ms(40)}).pts, ms(2080));
    // A head that tells of another beginning than comes.
    Timeline wrong;
    wrong.begin(ms(0), ms(0));
    EXPECT_EQ(wrong.place(Track::Video, {.pts = ms(500'000), .dts = ms(500'000)}).dts, ms(0));
    EXPECT_EQ(wrong.place(Track::Audio, {.pts = ms(500'030), .dts = ms(500'030)}).dts, ms(30));
}

TEST_F(TimelineTest, StampsThatGoOnByTicksStandStill) {
    both(0, 2000);
    const auto tick = [&](std::int64_t i) { return ms(2000) + Timestamp(11 * i); };
    for (int i = 0; i < 50; ++i) {  // a step back by 2 s that the muxer didn't take
        const auto place = timeline.place(Track::Video, {.pts = tick(i), .dts = tick(i), .duration = ms(40)});
        EXPECT_EQ(place.dts, ms(2000 + 40 * i)) << i;
        audio(2000 + 40 * i);
        audio(2020 + 40 * i);
    }
    EXPECT_EQ(video(2010).dts, ms(4000)) << "and goes on where it is";
    EXPECT_EQ(video(2050).dts, ms(4040));
    EXPECT_FALSE(timeline.hasCounted()) << "so few are usual";
}

TEST_F(TimelineTest, StampsOfReorderedPicturesThatGoOnByTicksStandStillToo) {
    both(0, 2000);
    for (int i = 0; i < 50; ++i) {  // as libav tells them of MPEG-2 with B frames: every third one's lies behind that before
        const auto pts = ms(2000) + Timestamp(11 * i), dts = i % 3 == 2 ? pts - Timestamp(33) : pts;
        EXPECT_EQ(timeline.place(Track::Video, {.pts = pts, .dts = dts, .duration = ms(40)}).dts, ms(2000 + 40 * i)) << i;
        audio(2000 + 40 * i);
        audio(2020 + 40 * i);
    }
    EXPECT_EQ(timeline.restarts(), 0);
}

TEST_F(TimelineTest, WhatStandsStillKeepsTheBeatThatWas) {
    timeline.setUsualDuration(Track::Video, ms(33));  // what the file's head makes of it
    for (int i = 0; i < 5; ++i) video(100 * i, 100);
    for (int i = 0; i < 30; ++i) EXPECT_EQ(video(400, 0).dts, ms(500 + 100 * i)) << i;
    EXPECT_TRUE(timeline.hasCounted());
}

TEST_F(TimelineTest, AClockThatBeginsAnewInBothTracksGoesOnAtOnce) {
    for (const auto jump : {3'600'000, 3000, 1500, -3000, -4000, -500}) {
        SCOPED_TRACE(jump);
        timeline = {};
        timeline.setUsualDuration(Track::Video, ms(40));
        timeline.setUsualDuration(Track::Audio, ms(20));
        timeline.begin(ms(0), ms(0));
        both(0, 4000);
        both(4000 + jump, 8000 + jump);
        EXPECT_NEAR(double(lastVideo.dts.count()), 7'960'000, 30'000);
        EXPECT_EQ(lastAudio.dts - lastVideo.dts, ms(20));  // to the microsecond in step
        EXPECT_EQ(timeline.restarts(), 2);
    }
}

TEST_F(TimelineTest, SoundThatComesFirstInTheNewCountLeadsIt) {
    both(0, 4000);
    const auto first = audio(1380);
    const auto picture = video(1400);
    EXPECT_EQ(picture.dts - first.dts, ms(20));
    EXPECT_GE(picture.dts, ms(4000));
    EXPECT_LE(picture.dts, ms(4040));
}

TEST_F(TimelineTest, OneTrackAloneThatBeginsAnewStaysWithTheOther) {
    both(0, 4000);
    for (std::int64_t at = 4000; at < 8000; at += 40) {
        lastVideo = video(at + 3'600'000);
        audio(at);
        lastAudio = audio(at + 20);
    }
    EXPECT_EQ(lastVideo.dts, ms(7960));
    EXPECT_EQ(lastAudio.dts, ms(7980));
}

TEST_F(TimelineTest, AHoleOfThePicturesWhileTheSoundGoesOnIsAHole) {
    both(0, 4000);
    for (std::int64_t at = 4000; at < 9000; at += 20) audio(at);
    EXPECT_EQ(video(9000).dts, ms(9000));
    EXPECT_EQ(timeline.restarts(), 0);
}

TEST_F(TimelineTest, AHoleOfTheSoundIsAHole) {
    both(0, 2000);
    for (std::int64_t at = 2000; at < 17'000; at += 40) video(at);
    EXPECT_EQ(audio(17'000).dts, ms(17'000));
    EXPECT_EQ(timeline.restarts(), 0);
}

TEST_F(TimelineTest, PicturesThatSayHowLongTheyStandAreNoJump) {
    video(0, 25'000);
    EXPECT_EQ(video(25'000, 40).dts, ms(25'000));
    EXPECT_EQ(video(25'040, 40).dts, ms(25'040));
}

TEST_F(TimelineTest, ASoundThatLastsAnHourIsAJump) {
    both(0, 4000);
    timeline.place(Track::Audio, {.pts = ms(4000), .dts = ms(4000), .duration = ms(3'600'000)});
    const auto next = timeline.place(Track::Audio, {.pts = ms(3'604'000), .dts = ms(3'604'000), .duration = ms(20)});
    EXPECT_EQ(next.dts, ms(4020));
}

TEST_F(TimelineTest, ASlowPictureAloneIsNoJump) {
    for (std::int64_t at = 0; at < 20'000; at += 2000) EXPECT_EQ(video(at, 0).dts, ms(at));
    EXPECT_EQ(timeline.restarts(), 0);
}

TEST_F(TimelineTest, StampsThatStandStillAreCounted) {
    both(0, 4000);
    for (int i = 0; i < 75; ++i) lastVideo = video(3980);
    for (int i = 0; i < 150; ++i) lastAudio = audio(3985);
    EXPECT_NEAR(double(lastVideo.dts.count()), 6'940'000, 45'000);
    EXPECT_NEAR(double(lastAudio.dts.count()), 6'960'000, 45'000);
    EXPECT_TRUE(timeline.hasCounted());
    both(4000, 8000);  // and where they go on, that is what follows
    EXPECT_NEAR(double(lastVideo.dts.count()), 10'960'000, 90'000);
    EXPECT_NEAR(double((lastAudio.dts - lastVideo.dts).count()), 20'000, 45'000);
}

TEST_F(TimelineTest, SoundWhosePiecesAllBeginAtTheSameTimeFollowsItself) {
    both(0, 1000);
    for (int piece = 0; piece < 50; ++piece)  // as MPEG-TS has it: three packets to a stamp that stands
        for (const auto part : {0, 20, 40}) lastAudio = audio(1000 + part);
    EXPECT_NEAR(double(lastAudio.dts.count()), 1'000'000 + 149 * 20'000, 25'000);
}

TEST_F(TimelineTest, PacketsWithoutAnyStampAreCounted) {
    for (int i = 0; i < 100; ++i) lastVideo = timeline.place(Track::Video, {});
    EXPECT_EQ(lastVideo.dts, ms(99 * 40));
    EXPECT_FALSE(lastVideo.pts);
    EXPECT_EQ(timeline.end(Track::Video), ms(4000));
}

TEST_F(TimelineTest, ATrackThatBeginsLateIsLate) {
    for (std::int64_t at = 0; at < 20'000; at += 40) video(at);
    EXPECT_EQ(audio(20'000).dts, ms(20'000));
}

TEST_F(TimelineTest, DisorderOfTheMuxerIsNoNewCount) {
    both(0, 1000);
    EXPECT_EQ(video(1040).dts, ms(1040));
    EXPECT_EQ(video(1000).dts, ms(1000));
    EXPECT_EQ(timeline.restarts(), 0);
}

TEST_F(TimelineTest, ADecodingTimeThatLagsBehindAJumpIsNotBelieved) {
    both(0, 4000);
    const auto place = timeline.place(Track::Video, {.pts = ms(3'604'000), .dts = ms(4000), .duration = ms(40)});
    EXPECT_EQ(place.pts, ms(4000));
}

TEST_F(TimelineTest, FirstPicturesOfWhichOnlyTheTimeTheyAreShownIsKnownAreNoStepAhead) {
    timeline.setUsualDuration(Track::Video, ms(66));
    const auto shown = [&](std::int64_t pts, std::optional<Timestamp> dts) {
        return timeline.place(Track::Video, {.pts = ms(pts), .dts = dts, .duration = ms(66)}).pts;
    };
    // H.264 with B frames in MKV, 15 a second, as libav tells of it.
    EXPECT_EQ(shown(3, {}), ms(3));
    EXPECT_EQ(shown(203, {}), ms(203));
    EXPECT_EQ(shown(70, ms(3)), ms(70));
    EXPECT_EQ(shown(136, ms(70)), ms(136));
    EXPECT_EQ(shown(403, ms(136)), ms(403));
    EXPECT_EQ(timeline.restarts(), 0);
}

TEST_F(TimelineTest, PassesFollowEachOther) {
    both(0, 1000);
    timeline.begin(ms(0), timeline.end(Track::Video));
    EXPECT_EQ(video(0).dts, ms(1000));
    EXPECT_EQ(audio(0).dts, ms(1000));
    EXPECT_TRUE(timeline.any(Track::Audio));
}

}  // namespace
}  // namespace livepusher::capture
