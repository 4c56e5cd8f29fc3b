// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "fake_clock.hpp"
#include "inset_case.hpp"
#include "screen_watch.hpp"

namespace livepusher::capture {

namespace {

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
