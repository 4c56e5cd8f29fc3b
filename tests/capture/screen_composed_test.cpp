// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <utility>

#include "capture/screen/inset_picture.hpp"
#include "fake_clock.hpp"
#include "screen_watch.hpp"

namespace livepusher::capture {

void PrintTo(const InsetPlace& place, std::ostream* out) {
    *out << place.rect.width << "x" << place.rect.height << " at " << place.rect.x << "," << place.rect.y << " turned by "
         << static_cast<int>(place.turn.rotation) << (place.turn.mirrored ? " mirrored" : "");
}

namespace {

VideoFrame plain(int width, int height, int luma, Timestamp pts = {}) {
    auto frame = VideoFrame::allocate(width, height);
    for (int y = 0; y < height; ++y)
        std::fill_n(frame.mutablePlane(0) + y * frame.stride(0), width, static_cast<std::uint8_t>(luma));
    frame.pts = pts;
    return frame;
}

VideoFrame turned(VideoFrame frame, Rotation rotation) {
    frame.rotation = rotation;
    return frame;
}

constexpr WantedVideo kWanted{.width = 1280, .height = 720, .fps = 30};

VideoWishes wishes(InsetPosition position, double width = 0.25) {
    VideoWishes made;
    made.insetPosition = position;
    made.insetWidth = width;
    return made;
}

TEST(InsetPlace, IsTheWantedCornerTwoPerCentFromTheEdges) {
    const auto main = plain(1280, 720, 16), inset = plain(640, 360, 235);
    // A quarter of 1280 wide; 2 % of 1280 are 26.
    EXPECT_EQ(insetPlace(main, inset, kWanted, wishes(InsetPosition::topLeft)), (InsetPlace{{26, 26, 320, 180}}));
    EXPECT_EQ(insetPlace(main, inset, kWanted, wishes(InsetPosition::topRight)), (InsetPlace{{934, 26, 320, 180}}));
    EXPECT_EQ(insetPlace(main, inset, kWanted, wishes(InsetPosition::bottomLeft)), (InsetPlace{{26, 514, 320, 180}}));
    EXPECT_EQ(insetPlace(main, inset, kWanted, wishes(InsetPosition::bottomRight)), (InsetPlace{{934, 514, 320, 180}}));
}

TEST(InsetPlace, KeepsTheInsetsOwnAspect) {
    const auto main = plain(1280, 720, 16);
    const auto narrow = insetPlace(main, plain(480, 640, 235), kWanted, wishes(InsetPosition::topLeft));
    EXPECT_EQ(narrow, (InsetPlace{{26, 26, 320, 426}}));
    auto wide = plain(720, 576, 235);
    wide.sampleAspectNum = 64, wide.sampleAspectDen = 45;
    EXPECT_EQ(insetPlace(main, wide, kWanted, wishes(InsetPosition::topLeft)), (InsetPlace{{26, 26, 320, 180}}));
    // What would be higher than the picture is made smaller as a whole.
    const auto high = insetPlace(main, plain(360, 640, 235), kWanted, wishes(InsetPosition::topLeft, 0.5));
    EXPECT_EQ(high.rect.height, 668);
    EXPECT_EQ(high.rect.width, 376);
}

TEST(InsetPlace, LiesInWhatACropToThePushedAspectLeaves) {
    // Of 1280x720 a push of 360x640 keeps the middle 405 columns.
    const WantedVideo upright{.width = 360, .height = 640};
    const auto place = insetPlace(plain(1280, 720, 16), plain(640, 360, 235), upright, wishes(InsetPosition::topLeft));
    EXPECT_EQ(place, (InsetPlace{{446, 8, 102, 56}}));
    const auto other = insetPlace(plain(1280, 720, 16), plain(640, 360, 235), upright, wishes(InsetPosition::bottomRight));
    EXPECT_EQ(other.rect.x + other.rect.width, 836);
    // Of 1280x1024 one of 1280x720 keeps the middle 720 rows.
    const auto lower = insetPlace(plain(1280, 1024, 16), plain(640, 360, 235), kWanted, wishes(InsetPosition::bottomLeft));
    EXPECT_EQ(lower, (InsetPlace{{26, 666, 320, 180}}));
}

TEST(InsetPlace, IsOfTheMainFramesSizeWhateverIsPushed) {
    EXPECT_EQ(insetPlace(plain(2560, 1440, 16), plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{52, 52, 640, 360}}));
}

TEST(InsetPlace, IsACornerOfWhatIsSeenAlsoWhereTheFrameLiesOnItsSide) {
    // In memory 720x1280; upright it is 1280x720, and its upper left corner is the lower left one in memory.
    const auto main = turned(plain(720, 1280, 16), Rotation::Cw90);
    EXPECT_EQ(insetPlace(main, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{26, 934, 180, 320}, {Rotation::Cw270}}));
    const auto same = turned(plain(360, 640, 235), Rotation::Cw90);
    EXPECT_EQ(insetPlace(main, same, kWanted, wishes(InsetPosition::topLeft)), (InsetPlace{{26, 934, 180, 320}}));
    const auto over = turned(plain(1280, 720, 16), Rotation::Cw180);
    EXPECT_EQ(insetPlace(over, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{934, 514, 320, 180}, {Rotation::Cw180}}));
    const auto left = turned(plain(720, 1280, 16), Rotation::Cw270);
    EXPECT_EQ(insetPlace(left, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{514, 26, 180, 320}, {Rotation::Cw90}}));
}

TEST(InsetPlace, IsACornerOfWhatIsSeenAlsoWhereTheFrameIsMirrored) {
    auto main = plain(1280, 720, 16);
    main.mirrored = true;
    EXPECT_EQ(insetPlace(main, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{934, 26, 320, 180}, {Rotation::None, true}}));
    // Upright its left is what lies below in memory; mirrored before that turn, its top is what lies at the right.
    auto side = turned(plain(720, 1280, 16), Rotation::Cw90);
    side.mirrored = true;
    EXPECT_EQ(insetPlace(side, plain(640, 360, 235), kWanted, wishes(InsetPosition::topLeft)),
              (InsetPlace{{514, 934, 180, 320}, {Rotation::Cw90, true}}));
}

TEST(InsetPicture, IsSeenUprightInAFrameOfAnyOrientation) {
    const auto corner = [](VideoFrame frame) {  // the top left corner is white once it is upright
        auto at = base::inverse(base::orientationOf(frame));
        int x = 0, y = 0;
        if (at.rotation == Rotation::Cw90 || at.rotation == Rotation::Cw180) x = frame.width() - 2;
        if (at.rotation == Rotation::Cw180 || at.rotation == Rotation::Cw270) y = frame.height() - 2;
        if (at.mirrored) {  // its own inverse: mirrored, then turned
            const bool right = at.rotation == Rotation::None || at.rotation == Rotation::Cw90;
            const bool bottom = at.rotation == Rotation::Cw90 || at.rotation == Rotation::Cw180;
            x = right ? frame.width() - 2 : 0, y = bottom ? frame.height() - 2 : 0;
        }
        return std::pair{x, y};
    };
    for (int orientation = 0; orientation < 64; ++orientation) {
        auto main = plain(64, 64, 50), inset = plain(16, 16, 100);
        base::setOrientation(main, {static_cast<Rotation>(orientation % 4 * 90), orientation % 8 >= 4});
        base::setOrientation(inset, {static_cast<Rotation>(orientation / 8 % 4 * 90), orientation / 8 >= 4});
        const auto [x, y] = corner(inset);
        for (int row = 0; row < 2; ++row)
            std::fill_n(inset.mutablePlane(0) + (y + row) * inset.stride(0) + x, 2, std::uint8_t{200});
        const auto place = insetPlace(main, inset, {.width = 64, .height = 64}, wishes(InsetPosition::topLeft));
        ASSERT_EQ(place.rect.width, 16);
        const auto drawn = InsetPicture().drawn(main, inset, place);
        // The same corner of the inset's place as the large picture's own top left corner is of it.
        const auto [mainX, mainY] = corner(main);
        EXPECT_EQ(pixelOf(drawn, place.rect.x + (mainX > 0 ? 15 : 0), place.rect.y + (mainY > 0 ? 15 : 0))[0], 200)
            << orientation;
    }
}

TEST(InsetPicture, DrawsOnACopyWhereOthersHoldThePicture) {
    InsetPicture picture;
    const auto main = plain(128, 72, 50), inset = plain(64, 36, 200);
    const auto drawn = picture.drawn(main, inset, {8, 8, 32, 18});
    EXPECT_EQ(pixelOf(drawn, 8, 8)[0], 200);
    EXPECT_EQ(pixelOf(drawn, 39, 25)[0], 200);
    for (const auto& [x, y] : {std::pair{7, 8}, {8, 7}, {40, 25}, {39, 26}}) EXPECT_EQ(pixelOf(drawn, x, y)[0], 50);
    EXPECT_EQ(pixelOf(main, 8, 8)[0], 50) << "shared pixels never change";
    auto own = plain(128, 72, 50);
    const auto* at = own.plane(0);
    EXPECT_EQ(picture.drawn(std::move(own), inset, {8, 8, 32, 18}).plane(0), at) << "what nobody else holds is not copied";
}

TEST(InsetPicture, TakesTheColourMatrixOfTheLargePicture) {
    auto main = plain(128, 72, 50), inset = plain(64, 36, 100);
    for (int y = 0; y < 18; ++y) std::fill_n(inset.mutablePlane(2) + y * inset.stride(2), 32, std::uint8_t{200});
    main.bt709 = false;
    inset.bt709 = true;
    const auto drawn = InsetPicture().drawn(main, inset, {8, 8, 32, 18});
    EXPECT_FALSE(drawn.bt709);
    EXPECT_NE(pixelOf(drawn, 16, 12), pixelOf(inset, 16, 12)) << "the same colour in other numbers";
    inset.bt709 = false;
    EXPECT_EQ(pixelOf(InsetPicture().drawn(main, inset, {8, 8, 32, 18}), 16, 12), pixelOf(inset, 16, 12));
}

/// A source whose frames, codes and failures are a test's.
class Fake final : public VideoSource {
public:
    struct Hands {  ///< what a test holds of it; guarded by `mutex` as start() is called on the inset's own thread
        std::mutex mutex;
        std::condition_variable changed;
        Sink* sink = nullptr;
        std::optional<Error> refusal;
        WantedVideo wanted{};
        VideoWishes wishes{};
        int starts = 0, stops = 0, requests = 0, interrupts = 0;

        bool wait(const std::function<bool()>& condition) {
            std::unique_lock lock(mutex);
            return changed.wait_for(lock, std::chrono::seconds(30), condition);
        }
        Sink& running() {
            std::unique_lock lock(mutex);
            changed.wait_for(lock, std::chrono::seconds(30), [&] { return sink != nullptr; });
            return *sink;
        }
    };
    explicit Fake(std::shared_ptr<Hands> hands) : hands_(std::move(hands)) {}

    Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink& sink) override {
        const std::lock_guard lock(hands_->mutex);
        ++hands_->starts;
        hands_->wanted = wanted;
        hands_->changed.notify_all();
        if (hands_->refusal) return *hands_->refusal;
        hands_->sink = &sink;
        return VideoSourceFormat{640, 360, 30, false, "a fake"};
    }
    void stop() override {
        const std::lock_guard lock(hands_->mutex);
        ++hands_->stops;
        hands_->sink = nullptr;
        hands_->changed.notify_all();
    }
    void interrupt() override {
        const std::lock_guard lock(hands_->mutex);
        ++hands_->interrupts;
    }
    void follow(const VideoWishes& wishes) override {
        const std::lock_guard lock(hands_->mutex);
        hands_->wishes = wishes;
        hands_->changed.notify_all();
    }
    void request(CameraRequest request) override {
        {
            const std::lock_guard lock(hands_->mutex);
            ++hands_->requests;
        }
        request.reply(1.0);
    }

private:
    const std::shared_ptr<Hands> hands_;
};

struct Composition : testing::Test {
    const FakeClock clock_;
    std::shared_ptr<Fake::Hands> main = std::make_shared<Fake::Hands>(), inset = std::make_shared<Fake::Hands>();
    ScreenWatch got;
    std::unique_ptr<VideoSource> source = make(ComposedCamera::Inset);

    std::unique_ptr<VideoSource> make(ComposedCamera camera) const {
        return makeComposed(std::make_unique<Fake>(main), std::make_unique<Fake>(inset), camera);
    }
    VideoFrame shown(Timestamp pts) {
        main->running().frame(plain(1280, 720, 50, pts));
        return got.last();
    }
    static bool insetIn(const VideoFrame& frame, int x, int y) { return pixelOf(frame, x, y)[0] == 200; }
};

TEST_F(Composition, EachMainFrameHasTheNewestInsetInItsCorner) {
    ASSERT_TRUE(source->start(kWanted, got.sink()));
    EXPECT_FALSE(insetIn(shown(Timestamp(1000)), 1000, 600)) << "none has come yet";
    inset->running().frame(plain(640, 360, 200, Timestamp(1500)));
    const auto frame = shown(Timestamp(2000));
    EXPECT_EQ(frame.pts, Timestamp(2000));
    EXPECT_TRUE(insetIn(frame, 936, 516));
    EXPECT_TRUE(insetIn(frame, 1252, 692));
    EXPECT_FALSE(insetIn(frame, 930, 600));
    inset->running().frame(plain(640, 360, 120, Timestamp(2500)));
    EXPECT_EQ(pixelOf(shown(Timestamp(3000)), 1000, 600)[0], 120);
}

TEST_F(Composition, TheCornerAndTheWidthAreFollowed) {
    ASSERT_TRUE(source->start(kWanted, got.sink()));
    inset->running().frame(plain(640, 360, 200, Timestamp(1000)));
    ASSERT_TRUE(insetIn(shown(Timestamp(1000)), 1000, 600));
    source->follow(wishes(InsetPosition::topLeft, 0.5));
    const auto frame = shown(Timestamp(2000));
    EXPECT_TRUE(insetIn(frame, 30, 30));
    EXPECT_TRUE(insetIn(frame, 26 + 638, 26 + 358));
    EXPECT_FALSE(insetIn(frame, 1000, 600));
}

TEST_F(Composition, AnInsetThatGivesNothingFor5SecondsGoesAndComesBack) {
    ASSERT_TRUE(source->start(kWanted, got.sink()));
    inset->running().frame(plain(640, 360, 200, Timestamp(1'000'000)));
    EXPECT_TRUE(insetIn(shown(Timestamp(6'000'000)), 1000, 600));
    EXPECT_FALSE(insetIn(shown(Timestamp(6'000'001)), 1000, 600));
    inset->running().frame(plain(640, 360, 200, Timestamp(7'000'000)));
    EXPECT_TRUE(insetIn(shown(Timestamp(7'000'000)), 1000, 600));
}

TEST_F(Composition, WhatHappensToEitherIsTold) {
    ASSERT_TRUE(source->start(kWanted, got.sink()));
    ASSERT_TRUE(got.waitCode(Code::CameraOpened)) << "the inset's";
    inset->running().code(Code::CameraRemoved, "gone");
    main->running().code(Code::ScreenCaptureInterrupted, "gone");
    EXPECT_TRUE(got.waitCode(Code::CameraRemoved));
    EXPECT_TRUE(got.waitCode(Code::ScreenCaptureInterrupted));
    main->running().formatChanged({800, 600, 30, false, "another"});
    EXPECT_TRUE(got.waitFormat(800, 600));
}

TEST_F(Composition, AnInsetThatFailsIsOpenedAgainWhileTheMainPictureGoesOn) {
    inset->refusal = Error{Code::CameraFailed, "not there"};
    ASSERT_TRUE(source->start(kWanted, got.sink()));
    ASSERT_TRUE(got.waitCode(Code::CameraFailed));
    EXPECT_EQ(shown(Timestamp(1000)).pts, Timestamp(1000));
    {
        const std::lock_guard lock(inset->mutex);
        inset->refusal.reset();
    }
    ASSERT_TRUE(got.waitCode(Code::CameraOpened));
    inset->running().failed({Code::CameraFailed, "broke off"});
    ASSERT_TRUE(got.waitCode(Code::CameraFailed, 2));
    ASSERT_TRUE(got.waitCode(Code::CameraOpened, 2));
    EXPECT_EQ(shown(Timestamp(2000)).pts, Timestamp(2000));
}

TEST_F(Composition, AMainPictureThatFailsIsAsMainAlone) {
    main->refusal = Error{Code::ScreenCaptureFailed, "no screen"};
    EXPECT_EQ(source->start(kWanted, got.sink()).error().code, Code::ScreenCaptureFailed);
    EXPECT_EQ(inset->starts, 0);
    main->refusal.reset();
    ASSERT_TRUE(source->start(kWanted, got.sink()));
    main->running().failed({Code::SourceFailed, "broke off"});
    EXPECT_TRUE(got.waitCode(Code::SourceFailed));
    main->running().ended();
    EXPECT_TRUE(got.waitEnded());
}

TEST_F(Composition, RequestsAndWhatIsWishedOfACameraGoToTheCameraOfTheTwo) {
    ASSERT_TRUE(source->start(kWanted, got.sink()));
    ASSERT_TRUE(got.waitCode(Code::CameraOpened));
    int answers = 0;
    source->request({CameraRequest::What::MaxZoom, 1, [&](const Result<double>&) { ++answers; }});
    auto zoomed = wishes(InsetPosition::topLeft);
    zoomed.zoom = 3;
    zoomed.torch = true;
    source->follow(zoomed);
    EXPECT_TRUE(inset->wait([&] { return inset->wishes == zoomed; }));
    EXPECT_EQ(answers, 1);
    EXPECT_EQ(inset->requests, 1);
    EXPECT_EQ(main->requests, 0);
    EXPECT_EQ(main->wishes.zoom, 1);
    EXPECT_FALSE(main->wishes.torch);

    const auto two = make(ComposedCamera::Main);
    ASSERT_TRUE(two->start(kWanted, got.sink()));
    two->request({CameraRequest::What::MaxZoom, 1, [](const Result<double>&) {}});
    EXPECT_EQ(main->requests, 1);
    EXPECT_TRUE(inset->wait([&] { return inset->wanted.position == DevicePosition::back; })) << "of two cameras the other side";
}

TEST_F(Composition, TheInsetIsAskedForAtMostHalfOfThePushedSize) {
    ASSERT_TRUE(source->start(kWanted, got.sink()));
    ASSERT_TRUE(inset->wait([&] { return inset->starts == 1; }));
    EXPECT_EQ(inset->wanted.width, 640);
    EXPECT_EQ(inset->wanted.height, 360);
    EXPECT_EQ(main->wanted.width, 1280);
}

TEST_F(Composition, StopEndsBothAndAStartBeginsAnew) {
    for (int i = 1; i <= 3; ++i) {
        ASSERT_TRUE(source->start(kWanted, got.sink()));
        ASSERT_TRUE(inset->wait([&] { return inset->sink != nullptr; }));
        inset->running().frame(plain(640, 360, 200, Timestamp(1000)));
        EXPECT_TRUE(insetIn(shown(Timestamp(1000)), 1000, 600));
        source->stop();
        EXPECT_FALSE(main->sink);
        EXPECT_FALSE(inset->sink);
    }
    ASSERT_TRUE(source->start(kWanted, got.sink()));
    EXPECT_FALSE(insetIn(shown(Timestamp(1000)), 1000, 600)) << "nothing of before";
    source->interrupt();
    EXPECT_EQ(main->interrupts, 1);
    EXPECT_EQ(inset->interrupts, 1);
}

}  // namespace
}  // namespace livepusher::capture
