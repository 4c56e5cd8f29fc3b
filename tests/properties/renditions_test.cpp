// SPDX-License-Identifier: MIT
#include "properties/renditions.hpp"

#include <gtest/gtest.h>

namespace livepusher::testing {

using properties::Rendition;
using properties::renditionOf;

namespace {

Resolved push720() {
    Properties p;
    p.videoWidth = 1280;
    p.videoHeight = 720;
    p.fps = 30;
    p.maxBitrate = 2500;
    return resolve(p);
}

}  // namespace

TEST(RenditionOf, WhatThePushHasIsThePushsOwn) {
    const auto push = push720();
    EXPECT_EQ(renditionOf({.id = "a"}, push), std::nullopt);
    EXPECT_EQ(renditionOf({.id = "a", .videoWidth = 1280, .videoHeight = 720, .fps = 30, .maxBitrate = 2500}, push),
              std::nullopt);
    EXPECT_EQ(renditionOf({.id = "a", .maxBitrate = 9000}, push), std::nullopt);
    EXPECT_EQ(renditionOf({.id = "a", .maxBitrate = 1000}, push), (Rendition{1280, 720, 30, 1000}));
    EXPECT_EQ(renditionOf({.id = "a", .fps = 15}, push), (Rendition{1280, 720, 15, 0}));
}

TEST(RenditionOf, OneLengthIsTakenFromTheAspectOfThePush) {
    const auto push = push720();
    EXPECT_EQ(renditionOf({.id = "a", .videoHeight = 480}, push), (Rendition{854, 480, 30, 0}));
    EXPECT_EQ(renditionOf({.id = "a", .videoWidth = 640}, push), (Rendition{640, 360, 30, 0}));
    EXPECT_EQ(renditionOf({.id = "a", .videoWidth = 64}, push), (Rendition{64, 64, 30, 0})) << "36 is too little for an encoder";
}

TEST(RenditionOf, NothingIsLargerThanThePushHasBecome) {
    const Rendition r{.width = 854, .height = 480, .fps = 30};
    EXPECT_EQ(r.sizeFor({1280, 720}), (base::PictureSize{854, 480}));
    EXPECT_EQ(r.sizeFor({854, 480}), (base::PictureSize{854, 480}));
    const auto less = r.sizeFor({640, 360});
    EXPECT_LE(less.width, 640);
    EXPECT_EQ(less.height, 360);
    EXPECT_EQ((Rendition{.width = 406, .height = 720, .fps = 30}.sizeFor({640, 360})), (base::PictureSize{204, 360}));
}

TEST(RenditionOf, ItsBitrateFollowsInProportion) {
    const auto push = push720();
    const Rendition asked{.width = 854, .height = 480, .fps = 30, .maxBitrate = 1200};
    EXPECT_EQ(asked.bitrateFor(push, 2500), 1200);
    EXPECT_EQ(asked.bitrateFor(push, 1250), 600);
    EXPECT_EQ(asked.bitrateFor(push, 20), 50);
    const Rendition share{.width = 640, .height = 360, .fps = 15};
    EXPECT_EQ(share.bitrateFor(push, 2500), 313);  // an eighth of the pixels
    EXPECT_EQ((Rendition{.width = 640, .height = 360, .fps = 30, .maxBitrate = 9000}.bitrateFor(push, 2500)), 2500);
}

}  // namespace livepusher::testing
