// SPDX-License-Identifier: MIT
#include <livepusher/properties.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace livepusher {
namespace {

struct Row {
    Mode mode;
    int width916, height916, low916, width34, height34, min, max;
};
/// The contract's §6.
constexpr Row kModes[]{
    {Mode::QVGA, 180, 320, 180, 240, 320, 100, 300},  {Mode::HVGA, 270, 480, 270, 360, 480, 200, 600},
    {Mode::SD, 360, 640, 270, 360, 480, 300, 800},    {Mode::HD, 540, 960, 360, 540, 720, 600, 1500},
    {Mode::FHD, 720, 1280, 360, 720, 960, 600, 1800}, {Mode::RTC, 360, 640, 180, 480, 640, 200, 1000},
};

bool hasNote(const Resolved& r, const std::string& part) {
    return std::ranges::any_of(r.notes, [&](const std::string& n) { return n.find(part) != std::string::npos; });
}

}  // namespace

TEST(Resolve, EachModeGivesTheContractsSizesAndBitrates) {
    for (const auto& row : kModes) {
        Properties p;
        p.mode = row.mode;
        auto r = resolve(p);
        EXPECT_EQ(r.width, row.width916);
        EXPECT_EQ(r.height, row.height916);
        EXPECT_EQ(r.minWidth, row.low916);
        EXPECT_EQ(r.minBitrate, row.min);
        EXPECT_EQ(r.maxBitrate, row.max);
        p.orientation = Orientation::horizontal;
        r = resolve(p);
        EXPECT_EQ(r.width, row.height916);
        EXPECT_EQ(r.height, row.width916);
        p.aspect = Aspect::portrait3x4;
        p.orientation = Orientation::vertical;
        r = resolve(p);
        EXPECT_EQ(r.width, row.width34);
        EXPECT_EQ(r.height, row.height34);
    }
}

TEST(Resolve, TheDefaultsAreTheDocumentsOwn) {
    const auto r = resolve(Properties{});
    EXPECT_EQ(r.width, 360);
    EXPECT_EQ(r.height, 640);
    EXPECT_EQ(r.fps, 15);
    EXPECT_EQ(r.minBitrate, 200);
    EXPECT_EQ(r.maxBitrate, 1000);
    EXPECT_EQ(r.audioSampleRate, 48000);
    EXPECT_EQ(r.audioBitrate, 96);
    EXPECT_TRUE(r.lowLatency);
    EXPECT_TRUE(r.notes.empty());
}

TEST(Resolve, WhatIsSetBeatsTheModeInEveryMode) {
    for (const auto& row : kModes) {
        Properties p;
        p.mode = row.mode;
        p.videoWidth = 1280;
        p.videoHeight = 720;
        p.minBitrate = 2000;
        p.maxBitrate = 2500;
        const auto r = resolve(p);
        EXPECT_EQ(r.width, 1280);  // the orientation is not set: the size is as given
        EXPECT_EQ(r.height, 720);
        EXPECT_EQ(r.minBitrate, 2000);
        EXPECT_EQ(r.maxBitrate, 2500);
    }
}

TEST(Resolve, AnOrientationThatIsSetTurnsAnExplicitSize) {
    Properties p;
    p.videoWidth = 1280;
    p.videoHeight = 720;
    p.orientation = Orientation::vertical;
    const auto r = resolve(p);
    EXPECT_EQ(r.width, 720);
    EXPECT_EQ(r.height, 1280);
    EXPECT_TRUE(hasNote(r, "swapped"));
}

TEST(Resolve, OneSideAloneTakesTheOtherFromTheAspect) {
    Properties p;
    p.videoWidth = 720;
    EXPECT_EQ(resolve(p).height, 1280);
    p = {};
    p.videoHeight = 480;
    p.orientation = Orientation::horizontal;
    p.aspect = Aspect::portrait3x4;
    EXPECT_EQ(resolve(p).width, 640);
}

TEST(Resolve, AnExplicitBoundMovesTheModesOther) {
    Properties p;
    p.minBitrate = 3000;
    EXPECT_EQ(resolve(p).maxBitrate, 3000);
    p = {};
    p.maxBitrate = 100;
    EXPECT_EQ(resolve(p).minBitrate, 100);
}

TEST(Resolve, OpusHasTheBitratesOfAac) {
    Properties p;
    EXPECT_EQ(resolve(p).audioCodec, AudioCodec::aac);
    p.audioCodec = AudioCodec::opus;
    EXPECT_EQ(resolve(p).audioCodec, AudioCodec::opus);
    EXPECT_EQ(resolve(p).audioBitrate, 96);
    EXPECT_TRUE(resolve(p).notes.empty());
    p.audioQuality = AudioQuality::low;
    EXPECT_EQ(resolve(p).audioBitrate, 32);
    p.audioBitrate = 24;
    EXPECT_EQ(resolve(p).audioBitrate, 24);
}

TEST(Resolve, LowAudioQualityIs16kHzMono) {
    Properties p;
    p.audioQuality = AudioQuality::low;
    const auto r = resolve(p);
    EXPECT_EQ(r.audioSampleRate, 16000);
    EXPECT_EQ(r.audioChannels, 1);
    EXPECT_EQ(r.audioBitrate, 32);
}

TEST(Resolve, AProfileGivesDefaultsAndWhatIsSetBeatsIt) {
    Properties p;
    EXPECT_EQ(resolve(p).mode, Mode::RTC);
    EXPECT_FALSE(resolve(p).autopush);
    p.profile = Profile::liveRoomPush;
    EXPECT_EQ(resolve(p).mode, Mode::SD);
    EXPECT_EQ(resolve(p).maxBitrate, 800);
    EXPECT_TRUE(resolve(p).autopush);
    p.mode = Mode::HD;
    p.autopush = false;
    EXPECT_EQ(resolve(p).mode, Mode::HD);
    EXPECT_FALSE(resolve(p).autopush);
}

TEST(Resolve, AnAccountBelongsToItsProfileIsNamedAndItsSecretIsNot) {
    Properties p;
    ASSERT_TRUE(setProperty(p, "userSig", "sig-1234"));
    ASSERT_TRUE(setProperty(p, "roomID", "room-7"));
    const auto refused = validate(p);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "userSig: belongs to profile=liveRoomPush");
    p.profile = Profile::liveRoomPush;
    EXPECT_TRUE(validate(p));
    EXPECT_TRUE(hasNote(resolve(p), "userSig: of the vendor's cloud account"));
    EXPECT_TRUE(hasNote(resolve(p), "roomID: of the vendor's cloud account"));
    EXPECT_FALSE(hasNote(resolve(p), "sig-1234"));
}

}  // namespace livepusher
