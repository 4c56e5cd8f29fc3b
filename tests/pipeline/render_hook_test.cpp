// SPDX-License-Identifier: MIT
#include "pipeline/render_hook.hpp"

#include "session_case.hpp"

#include <future>
#include <stdexcept>

namespace livepusher::testing {

using pipeline::RenderHook;

TEST(RenderHook, TheHandlerChangesACopyAndTheOriginalStays) {
    RenderHook hook([](VideoFrame& f) { f.mutablePlane(0)[0] = 222; }, "onCaptured");
    const auto original = grey(64, 36, 50);
    auto frame = original;
    frame.pts = 1234us;
    hook.apply(frame, 10s);
    EXPECT_EQ(frame.plane(0)[0], 222);
    EXPECT_EQ(frame.plane(0)[1], 50);
    EXPECT_EQ(original.plane(0)[0], 50);
    EXPECT_EQ(frame.pts, 1234us);
    EXPECT_EQ(hook.late(), 0U);
}

TEST(RenderHook, AHandlerMayPutAnotherFrameInItsPlace) {
    RenderHook hook([](VideoFrame& f) { f = grey(32, 32, 77); }, "onCaptured");
    auto frame = grey(64, 36, 50);
    frame.pts = 99us;
    hook.apply(frame, 10s);
    EXPECT_EQ(frame.width(), 32);
    EXPECT_EQ(frame.plane(0)[0], 77);
    EXPECT_EQ(frame.pts, 99us) << "the clock is the library's";
}

TEST(RenderHook, ASlowHandlerCostsItsChangesOnlyAndIsCounted) {
    std::promise<void> release;
    auto gate = release.get_future().share();
    std::atomic<int> calls{0};
    RenderHook hook(
        [&, gate](VideoFrame& f) {
            if (++calls == 1) gate.wait();
            f = grey(64, 36, 200);
        },
        "onCaptured");
    auto first = grey(64, 36, 50);
    hook.apply(first, 1ms);
    EXPECT_EQ(first.plane(0)[0], 50);
    auto second = grey(64, 36, 51);
    hook.apply(second, 1ms);
    EXPECT_EQ(second.plane(0)[0], 51);
    EXPECT_EQ(hook.late(), 2U);
    release.set_value();
    auto third = grey(64, 36, 52);
    while (third.plane(0)[0] == 52) hook.apply(third, 100ms);  // until it has come back from the first
    EXPECT_EQ(third.plane(0)[0], 200) << "and never the first one's picture";
}

TEST(RenderHook, AnExceptionOrAnUnusableFrameLeavesThePictureAsItWas) {
    int call = 0;
    RenderHook hook(
        [&](VideoFrame& f) {
            if (call++ == 0) throw std::runtime_error("the application's own trouble");
            f = {};
        },
        "onBeforeEncode");
    auto frame = grey(64, 36, 50);
    hook.apply(frame, 10s);
    hook.apply(frame, 10s);
    EXPECT_EQ(frame.plane(0)[0], 50);
    EXPECT_EQ(hook.late(), 2U);
}

class CustomRenderTest : public SessionTest {
protected:
    static Properties rendering() {
        auto p = pushing();
        p.enableVideoCustomRender = true;
        return p;
    }
};

TEST_F(CustomRenderTest, BothPlacesAreInTheStreamInTheirOrder) {
    auto o = options(scene_, rendering());
    o.customRender = {.onCaptured = [](VideoFrame& f) { f = grey(640, 480, 120); },  // another size than the pushed one
                      .onBeforeEncode =
                          [this](VideoFrame& f) {
                              journal().note("before encode " + std::to_string(f.width()) + " " + std::to_string(f.plane(0)[0]));
                              f = grey(f.width(), f.height(), 121);
                          },
                      .budget = 5s};
    LivePusherContext context(std::move(o), fakeStages(scene_));
    start(context);
    EXPECT_TRUE(journal().await("before encode 360 120"));
    EXPECT_TRUE(journal().await("luma 121"));
}

TEST_F(CustomRenderTest, AHandlerThatHangsDoesNotDisturbTheStream) {
    std::promise<void> release;
    auto gate = release.get_future().share();
    auto o = options(scene_, rendering());
    o.customRender.onCaptured = [gate](VideoFrame&) { gate.wait(); };
    LivePusherContext context(std::move(o), fakeStages(scene_));
    start(context);
    EXPECT_TRUE(journal().await("video delta", 60));
    EXPECT_TRUE(journal().await("netstatus", 2));
    EXPECT_GT(context.netStatus().renderLate, 10U);
    context.stop(noting(scene_, "stop"));
    EXPECT_TRUE(journal().await("stop:ok")) << "stop() does not wait for it either";
    release.set_value();
}

TEST_F(CustomRenderTest, WithoutThePropertyTheHandlersRest) {
    auto o = options(scene_);
    o.customRender.onCaptured = [this](VideoFrame&) { journal().note("captured"); };
    LivePusherContext context(std::move(o), fakeStages(scene_));
    start(context);
    EXPECT_TRUE(journal().await("video delta", 10));
    EXPECT_EQ(journal().seen("captured"), 0U);
}

TEST_F(CustomRenderTest, WithoutAHandlerThePropertyIsAnError) {
    LivePusherContext context(options(scene_, rendering()), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    EXPECT_TRUE(journal().await("start:fail 20001"));
}

}  // namespace livepusher::testing
