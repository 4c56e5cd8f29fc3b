// SPDX-License-Identifier: MIT
#include "effects/faces/face_fade.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace livepusher::effects::faces {
namespace {

constexpr Timestamp kFrame = std::chrono::milliseconds(33);

TrackedFaces oneFace(std::uint64_t id, Point place, Timestamp moment, Point speed = {}) {
    TrackedFace face;
    face.id = id;
    face.points.fill(place);
    face.points[234] = {place.x - 50, place.y};
    face.points[454] = {place.x + 50, place.y};
    face.speed = speed;
    face.moment = moment;
    return {{face}, 640, 480, moment};
}

TEST(FaceFade, GoesFromNothingToAllInSixFramesAndBack) {
    FaceFade fade;
    std::vector<FaceShape> faces;
    const auto found = oneFace(1, {100, 100}, kFrame);
    for (int i = 1; i <= 6; ++i) {
        fade.step(&found, 640, 480, kFrame, false, faces);
        ASSERT_EQ(faces.size(), 1U);
        EXPECT_NEAR(faces[0].opacity, i / 6.0, 1e-5);
    }
    EXPECT_EQ(faces[0].opacity, 1);
    const TrackedFaces none{{}, 640, 480, kFrame};
    for (int i = 5; i >= 1; --i) {
        fade.step(&none, 640, 480, kFrame, false, faces);
        ASSERT_EQ(faces.size(), 1U);
        EXPECT_NEAR(faces[0].opacity, i / 6.0, 1e-5);
        EXPECT_EQ(faces[0].points[4], (Point{100, 100})) << "where it was last";
    }
    fade.step(&none, 640, 480, kFrame, false, faces);
    EXPECT_TRUE(faces.empty());
}

TEST(FaceFade, TurnsRoundWhereItIs) {
    FaceFade fade;
    std::vector<FaceShape> faces;
    const auto found = oneFace(1, {100, 100}, kFrame);
    const TrackedFaces none{{}, 640, 480, kFrame};
    for (int i = 0; i < 6; ++i) fade.step(&found, 640, 480, kFrame, false, faces);
    for (int i = 0; i < 3; ++i) fade.step(&none, 640, 480, kFrame, false, faces);
    EXPECT_NEAR(faces[0].opacity, 0.5, 1e-5);
    fade.step(&found, 640, 480, kFrame, false, faces);
    EXPECT_NEAR(faces[0].opacity, 4 / 6.0, 1e-5);
}

TEST(FaceFade, FadesOneOutWhileAnotherFadesIn) {
    FaceFade fade;
    std::vector<FaceShape> faces;
    const auto first = oneFace(1, {100, 100}, kFrame), second = oneFace(2, {400, 100}, kFrame);
    fade.step(&first, 640, 480, kFrame, true, faces);
    EXPECT_EQ(faces.at(0).opacity, 1) << "at once";
    fade.step(&second, 640, 480, kFrame, false, faces);
    ASSERT_EQ(faces.size(), 2U);
    EXPECT_NEAR(faces[0].opacity, 5 / 6.0, 1e-5);
    EXPECT_NEAR(faces[1].opacity, 1 / 6.0, 1e-5);
}

TEST(FaceFade, LetsGoOfFacesThatNobodyHasSeenForASecond) {
    FaceFade fade;
    std::vector<FaceShape> faces;
    const auto found = oneFace(1, {100, 100}, kFrame);
    fade.step(&found, 640, 480, kFrame, true, faces);
    for (int i = 0; i < 6; ++i) fade.step(&found, 640, 480, kFrame + std::chrono::seconds(1), false, faces);
    EXPECT_TRUE(faces.empty());
}

TEST(FaceFade, FollowsTheFrameToAnotherSize) {
    FaceFade fade;
    std::vector<FaceShape> faces;
    const auto found = oneFace(1, {100, 100}, kFrame);
    fade.step(&found, 320, 240, kFrame, true, faces);
    EXPECT_EQ(faces.at(0).points[4], (Point{50, 50}));
    EXPECT_EQ(faces[0].width, 50);
}

TEST(FaceFade, GoesHalfOfTheWayAheadThatAFaceMoves) {
    FaceFade fade;
    std::vector<FaceShape> faces;
    const auto still = oneFace(1, {100, 100}, kFrame, {1, 0}), moving = oneFace(1, {100, 100}, kFrame, {400, 0});
    const auto later = kFrame + std::chrono::milliseconds(40);
    fade.step(&still, 640, 480, later, true, faces);
    EXPECT_NEAR(faces.at(0).points[4].x, 100, 0.01);
    fade.step(&moving, 640, 480, later, true, faces);
    EXPECT_NEAR(faces.at(0).points[4].x, 100 + 0.5 * 400 * 0.04, 0.5);
    fade.step(&moving, 640, 480, kFrame + std::chrono::milliseconds(900), true, faces);
    EXPECT_NEAR(faces.at(0).points[4].x, 100 + 0.5 * 400 * 0.1, 1.1) << "no farther than 100 ms";
}

}  // namespace
}  // namespace livepusher::effects::faces
