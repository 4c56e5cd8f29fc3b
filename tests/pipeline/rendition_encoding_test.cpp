// SPDX-License-Identifier: MIT
#include "fakes.hpp"
#include "pipeline/rendition_encodings.hpp"

#include <gtest/gtest.h>

namespace livepusher::testing {

using pipeline::NumberedRendition;
using pipeline::RenditionEncoding;
using pipeline::RenditionEncodings;
using pipeline::VideoEncoding;

namespace {

constexpr int kPushFps = 30, kPushGop = 15;  // frames
constexpr int kPushWidth = 320, kPushHeight = 180;

Timestamp momentOf(int number) { return Timestamp(number * 1'000'000LL / kPushFps); }

}  // namespace

/// A push whose own encoder has a key frame in kPushGop; pictures are given by hand.
class RenditionEncodingTest : public ::testing::Test, public encode::PacketSink, public pipeline::LaneObserver {
protected:
    RenditionEncodingTest() {
        settings_.properties.videoWidth = kPushWidth;
        settings_.properties.videoHeight = kPushHeight;
        settings_.properties.fps = kPushFps;
        settings_.properties.maxBitrate = 1000;
        settings_.resolved = resolve(settings_.properties);
        settings_.adapted = {1000, kPushWidth, kPushHeight};
    }
    void take(Packet packet) override {
        std::lock_guard lock(mutex_);
        packets_.push_back(std::move(packet));
    }
    void renditionCode(int number, Code code, std::string what) override {
        scene_.journal.note(std::to_string(number) + " " + std::to_string(static_cast<int>(code)) + " " + what);
    }
    void renditionFailed(int number, Error why) override {
        scene_.journal.note(std::to_string(number) + " failed: " + why.message);
    }
    std::unique_ptr<encode::VideoEncoder> encoder() {
        return std::make_unique<FakeEncoder>(scene_, encode::VideoEncoderChoice{});
    }
    std::unique_ptr<RenditionEncoding> make(properties::Rendition what) {
        return std::make_unique<RenditionEncoding>(NumberedRendition{7, what}, encoder(), *this, *this);
    }
    void give(RenditionEncoding& encoding, int number, VideoEncoding::Job job = {}) {
        auto frame = grey(kPushWidth, kPushHeight, static_cast<std::uint8_t>(number % 2 ? 60 : 120));
        frame.pts = momentOf(number);
        job.key = job.key || number % kPushGop == 0;
        encoding.give(frame, settings_, std::move(job));
    }
    /// Until the rendition's thread has done what it has time for: the fake clock goes on when that sleeps, and takes no time.
    static void encoded(Timestamp time = 1ms) { std::this_thread::sleep_for(time); }
    std::vector<Timestamp> times(std::optional<Packet::Kind> kind = {}) {
        std::lock_guard lock(mutex_);
        std::vector<Timestamp> all;
        for (const auto& packet : packets_)
            if (packet.kind != Packet::Kind::Config && (!kind || packet.kind == *kind)) all.push_back(packet.pts);
        return all;
    }

    Scene scene_;
    pipeline::LaneSettings settings_;
    std::mutex mutex_;
    std::vector<Packet> packets_;
};

TEST_F(RenditionEncodingTest, HasItsKeyFramesWhereThePushHasThem) {
    for (const int fps : {30, 20, 15, 10, 7}) {
        packets_.clear();
        auto encoding = make({.width = 160, .height = 90, .fps = fps});
        for (int i = 0; i < 4 * kPushGop; ++i) {
            give(*encoding, i);
            encoded();
        }
        encoding.reset();
        EXPECT_EQ(times(Packet::Kind::Key),
                  (std::vector{momentOf(0), momentOf(kPushGop), momentOf(2 * kPushGop), momentOf(3 * kPushGop)}))
            << fps;
        const auto all = times();
        const double perGop = double(fps) * kPushGop / kPushFps;
        EXPECT_GE(all.size(), std::size_t(4 * perGop)) << fps;
        EXPECT_LE(all.size(), std::size_t(4 * (perGop + 1))) << fps;
        for (std::size_t i = 1; i < all.size(); ++i) EXPECT_GT(all[i], all[i - 1]) << fps;
    }
}

TEST_F(RenditionEncodingTest, BeginsWithAKeyFrameOfThePush) {
    auto encoding = make({.width = 160, .height = 90, .fps = kPushFps});
    for (int i = 1; i < kPushGop + 3; ++i) {
        give(*encoding, i);
        encoded();
    }
    encoding.reset();
    EXPECT_EQ(times(), (std::vector{momentOf(kPushGop), momentOf(kPushGop + 1), momentOf(kPushGop + 2)}));
    ASSERT_FALSE(packets_.empty());
    EXPECT_EQ(packets_.front().kind, Packet::Kind::Config);
    EXPECT_EQ(packets_.front().pts, momentOf(1)) << "its configuration is there at once";
    for (const auto& packet : packets_) EXPECT_EQ(packet.rendition, 7);
}

TEST_F(RenditionEncodingTest, OneThatHasNoTimeLeavesOutPicturesAndNoKeyFrame) {
    scene_.encodingTakes = 200;
    auto encoding = make({.width = 160, .height = 90, .fps = kPushFps});
    for (int i = 0; i < 4 * kPushGop; ++i) {
        give(*encoding, i, {.key = false, .messages = {"m" + std::to_string(i)}});
        encoded();
    }
    encoded(5s);  // all that waits
    const auto left = encoding->counters()->left.load();
    encoding.reset();
    EXPECT_GT(left, 30U);
    EXPECT_EQ(times().size() + left, std::size_t(4 * kPushGop));
    EXPECT_EQ(times(Packet::Kind::Key),
              (std::vector{momentOf(0), momentOf(kPushGop), momentOf(2 * kPushGop), momentOf(3 * kPushGop)}));
    for (int i = 0; i < 4 * kPushGop; ++i) EXPECT_EQ(scene_.journal.seen("message m" + std::to_string(i)), 1U) << i;
}

TEST_F(RenditionEncodingTest, WhatAPictureThatWasLeftOutCarriesComesWithTheNext) {
    auto encoding = make({.width = 160, .height = 90, .fps = 10});
    give(*encoding, 0);
    give(*encoding, 1, {.key = false, .messages = {"hello"}});
    give(*encoding, 2);
    give(*encoding, 3);
    encoding.reset();
    EXPECT_EQ(times(), (std::vector{momentOf(0), momentOf(3)}));
    EXPECT_EQ(scene_.journal.seen("message hello"), 1U);
}

TEST_F(RenditionEncodingTest, AFrameThatFailsIsMadeUpForAtTheNextKeyFrame) {
    auto encoding = make({.width = 160, .height = 90, .fps = kPushFps});
    give(*encoding, 0);
    ASSERT_TRUE(scene_.journal.await("luma 120"));
    scene_.failFrames = true;
    give(*encoding, 1);
    ASSERT_TRUE(scene_.journal.await("encoder 160x90 closed"));
    scene_.failFrames = false;
    for (int i = 2; i < kPushGop + 2; ++i) {
        give(*encoding, i);
        encoded();
    }
    encoding.reset();
    EXPECT_EQ(times(), (std::vector{momentOf(0), momentOf(kPushGop), momentOf(kPushGop + 1)}));
    EXPECT_EQ(scene_.journal.holding("told to fail"), 1U);
}

TEST_F(RenditionEncodingTest, IsNoLargerThanThePushHasBecome) {
    auto encoding = make({.width = 256, .height = 144, .fps = kPushFps});
    give(*encoding, 0);
    auto small = grey(160, 90, 120);
    small.pts = momentOf(kPushGop);
    encoding->give(small, settings_, {.key = true});
    encoding.reset();
    std::lock_guard lock(scene_.mutex);
    EXPECT_EQ(scene_.sizes, (std::vector<std::pair<int, int>>{{256, 144}, {160, 90}}));
}

TEST_F(RenditionEncodingTest, TheirBitrateFollowsThePushs) {
    auto encoding = make({.width = 160, .height = 90, .fps = kPushFps, .maxBitrate = 600});
    give(*encoding, 0);
    ASSERT_TRUE(scene_.journal.await("luma 120"));
    EXPECT_EQ(scene_.bitrate, 600);
    settings_.adapted.bitrate = 500;
    give(*encoding, 1);
    EXPECT_TRUE(scene_.journal.await("bitrate 300"));
}

TEST_F(RenditionEncodingTest, EachBeginsAndEndsByItself) {
    RenditionEncodings all([this] { return encoder(); }, *this, *this);
    const NumberedRendition one{1, {160, 90, kPushFps, 0}}, two{2, {80, 64, kPushFps, 0}};
    const auto picture = [&](int number, bool key) {
        auto frame = grey(kPushWidth, kPushHeight, 120);
        frame.pts = momentOf(number);
        all.give(frame, settings_, {.key = key});
    };
    all.follow({one, two});
    picture(0, true);
    ASSERT_TRUE(scene_.journal.await("encoder 160x90"));
    ASSERT_TRUE(scene_.journal.await("encoder 80x64"));
    EXPECT_TRUE(all.status(2));
    all.follow({one});
    ASSERT_TRUE(scene_.journal.await("encoder 80x64 closed"));
    EXPECT_FALSE(all.status(2));
    picture(1, false);
    all.close();
    EXPECT_EQ(scene_.journal.seen("encoder 160x90 closed"), 1U);
    EXPECT_EQ(scene_.journal.seen("encoder 160x90"), 1U);
}

TEST_F(RenditionEncodingTest, OneThatCannotBeMadeSaysSo) {
    RenditionEncodings all([]() -> std::unique_ptr<encode::VideoEncoder> { throw std::bad_alloc(); }, *this, *this);
    all.follow({{4, {160, 90, kPushFps, 0}}});
    EXPECT_TRUE(scene_.journal.await("4 failed: out of memory"));
}

}  // namespace livepusher::testing
