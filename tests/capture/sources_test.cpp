// SPDX-License-Identifier: MIT
#include "capture/sources.hpp"

#include <gtest/gtest.h>

#include "collector.hpp"
#include "make_media.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

TEST(Sources, NothingIsOpenedBeforeStart) {
    const auto pair = makeSources({.video = "file:/nowhere/x.mp4", .audio = "pcm:/nowhere/x.pcm,48000,2"});
    ASSERT_TRUE(pair);
    EXPECT_EQ(pair->videoKind, SourceKind::File);
    EXPECT_EQ(pair->audioKind, SourceKind::Pcm);
}

TEST(Sources, NoneIsNull) {
    const auto pair = makeSources({.video = "none", .audio = "none"});
    ASSERT_TRUE(pair);
    EXPECT_FALSE(pair->video);
    EXPECT_FALSE(pair->audio);
    EXPECT_EQ(pair->videoKind, SourceKind::None);
}

TEST(Sources, EveryKindGivesItsEnds) {
    for (const auto* video : {"test", "app", "camera", "screen", "file:x", "raw:x,64x64@30"})
        EXPECT_TRUE(makeSources({.video = video, .audio = "none"})->video) << video;
    for (const auto* audio : {"test", "app", "mic", "file:x", "pcm:x,48000,2"})
        EXPECT_TRUE(makeSources({.video = "none", .audio = audio})->audio) << audio;
}

TEST(Sources, AWrongDescriptionIsRefused) {
    EXPECT_EQ(makeSources({.video = "bogus", .audio = "mic"}).error().code, Code::InvalidArgument);
    EXPECT_EQ(makeSources({.video = "test", .audio = "bogus"}).error().code, Code::InvalidArgument);
    EXPECT_EQ(makeSources({.video = "raw:-,64x64@30", .audio = "pcm:-,48000,2"}).error().code, Code::InvalidArgument);
}

TEST(Sources, TheSameFileForBothIsOneClock) {
    Collector got;
    const TempFolder folder;
    makeMedia(folder.file("a.mp4"), {.frames = 5});
    const auto name = "file:" + folder.file("a.mp4");
    const auto pair = makeSources({.video = name, .audio = name});
    ASSERT_TRUE(pair);
    ASSERT_TRUE(pair->video->start({}, got.video()));
    ASSERT_TRUE(pair->audio->start({}, got.audio()));
    ASSERT_TRUE(got.waitEnded(2));
    EXPECT_EQ(got.frames().size(), 5U);
    EXPECT_GT(got.blocks().size(), 5U);
}

TEST(Sources, OnlyTheAppSourceTakesPushes) {
    const auto pair = makeSources({.video = "test", .audio = "test"});
    ASSERT_TRUE(pair);
    EXPECT_EQ(pair->video->push({}).error().code, Code::InvalidState);
    EXPECT_EQ(pair->audio->push({}).error().code, Code::InvalidState);
}

}  // namespace
}  // namespace livepusher::capture
