// SPDX-License-Identifier: MIT
#include "effects/faces/models.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>

#include "media.hpp"

namespace livepusher::effects::faces {
namespace {

Box whole(const VideoFrame& frame) { return {0, 0, static_cast<float>(frame.width()), static_cast<float>(frame.height())}; }

/// Read off the enlarged portrait by eye.
struct KnownPoint {
    std::size_t number;
    Point place;
};
constexpr std::array kKnown{KnownPoint{33, {193, 101}},  KnownPoint{133, {213, 104}}, KnownPoint{362, {237, 105}},
                            KnownPoint{263, {257, 104}}, KnownPoint{4, {223, 127}},   KnownPoint{61, {203, 140}},
                            KnownPoint{291, {245, 142}}, KnownPoint{152, {221, 177}}, KnownPoint{234, {180, 113}},
                            KnownPoint{454, {271, 117}}};

TEST(Detector, FindsTheFaceAndItsEyes) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    auto models = realModels();
    const auto picture = astronaut();
    const auto found = models.detector.find(picture, whole(picture));
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->size(), 1U);
    const auto& face = (*found)[0];
    EXPECT_GT(face.score, 0.8);
    EXPECT_LT(distance(face.rightEye, {203, 101}), 6);
    EXPECT_LT(distance(face.leftEye, {246, 104}), 8);
    EXPECT_GT(overlap(face.box, {180, 80, 272, 177}), 0.8);
}

TEST(Detector, FindsASmallFaceInItsPartOfThePicture) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    auto models = realModels();
    auto picture = grey(1280, 720);
    paste(astronaut("null", 300, 300), picture, 900, 300);  // its face is 54 px wide
    const auto all = models.detector.find(picture, whole(picture));
    const auto part = models.detector.find(picture, {880, 280, 1220, 620});
    ASSERT_TRUE(all && part);
    EXPECT_TRUE(all->empty()) << "4 % of the width are too few";
    ASSERT_EQ(part->size(), 1U);
    EXPECT_LT(distance((*part)[0].rightEye, {900 + 203 * 0.586F, 300 + 101 * 0.586F}), 6);
}

TEST(Landmarks, AreWhereTheyAreInThePicture) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    auto models = realModels();
    const auto picture = astronaut();
    const auto found = models.detector.find(picture, whole(picture));
    ASSERT_TRUE(found && found->size() == 1);
    const auto& face = (*found)[0];
    const auto mesh = models.landmarks.find(picture, regionOf(face.box, face.rightEye, face.leftEye));
    ASSERT_TRUE(mesh);
    EXPECT_GT(mesh->presence, 0.95);
    const float width = distance(mesh->points[234], mesh->points[454]);
    EXPECT_NEAR(width, 91, 4);
    for (const auto& known : kKnown)
        EXPECT_LT(distance(mesh->points[known.number], known.place), 0.05F * width) << "point " << known.number;
}

TEST(Landmarks, AreTheSameInAPictureThatIsTurnedOrLargerOrSmaller) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    auto models = realModels();
    for (const double turn : {-35.0, 0.0, 35.0})
        for (const int size : {256, 512, 1536}) {
            // Turned about its middle, the corners filled with grey.
            const double angle = turn * 3.14159265 / 180;
            const auto picture = astronaut("rotate=" + std::to_string(angle) + ":c=gray", size, size);
            const auto found = models.detector.find(picture, whole(picture));
            ASSERT_TRUE(found && !found->empty()) << turn << " degrees at " << size;
            auto mesh = models.landmarks.find(picture, regionOf((*found)[0].box, (*found)[0].rightEye, (*found)[0].leftEye));
            ASSERT_TRUE(mesh);
            mesh = models.landmarks.find(picture, mesh->region());
            EXPECT_GT(mesh->presence, 0.9);
            EXPECT_NEAR(mesh->region().angle, angle + 0.05, 0.1);
            const auto scale = static_cast<float>(size) / 512;
            float worst = 0;
            for (const auto& known : kKnown) {
                const float x = known.place.x - 256, y = known.place.y - 256;
                const auto c = static_cast<float>(std::cos(angle)), s = static_cast<float>(std::sin(angle));
                const Point wanted{(256 + x * c - y * s) * scale, (256 + x * s + y * c) * scale};
                worst = std::max(worst, distance(mesh->points[known.number], wanted) / (91 * scale));
            }
            std::printf("turned by %.0f degrees at %d px: worst point %.1f %% of the face's width away\n", turn, size,
                        100 * worst);
            EXPECT_LT(worst, 0.08);
        }
}

TEST(Landmarks, TellThatThereIsNoFace) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    auto models = realModels();
    const auto picture = astronaut();
    for (const Region& region : {Region{{400, 420}, 150, 0}, Region{{60, 60}, 100, 0}, Region{{256, 400}, 200, 1}}) {
        const auto mesh = models.landmarks.find(picture, region);
        ASSERT_TRUE(mesh);
        EXPECT_LT(mesh->presence, 0.5) << region.centre.x << ',' << region.centre.y;
    }
}

TEST(Landmarks, TakeRegionsThatReachBeyondThePictureOrLieOutside) {
    LIVEPUSHER_NEEDS(missingModels());
    auto models = realModels();
    for (const int size : {2, 64, 2000}) {
        const auto picture = grey(size, size);
        for (const Region& region : {Region{{0, 0}, 5000, 0.7F}, Region{{-900, 4000}, 10, 2}, Region{{1, 1}, 0.1F, 0}}) {
            const auto mesh = models.landmarks.find(picture, region);
            ASSERT_TRUE(mesh);
            EXPECT_LT(mesh->presence, 0.5);
        }
        EXPECT_TRUE(models.detector.find(picture, {-50, -50, 9000, 10}));
    }
}

}  // namespace
}  // namespace livepusher::effects::faces
