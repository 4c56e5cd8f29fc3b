// SPDX-License-Identifier: MIT
#include "fakes.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <thread>

namespace livepusher::testing {
namespace {

std::size_t threads() {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator{}));
}

/// The kernel wakes a joiner a moment before it takes the thread out of /proc.
bool threadsComeDownTo(std::size_t expected) {
    const auto deadline = std::chrono::steady_clock::now() + 5s;
    while (threads() != expected) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace

TEST(StopAnywhere, TwoHundredStartsAndStopsLeaveNothingBehind) {
    Scene scene;
    std::thread([] {}).join();  // a sanitizer starts its own thread with the first one
    const auto before = threads();
    {
        LivePusherContext context(options(scene), fakeStages(scene));
        for (int i = 0; i < 200; ++i) {
            context.start(noting(scene, "start"));
            if (i % 3 == 0) context.pause();
            context.stop(noting(scene, "stop"));
        }
        ASSERT_TRUE(scene.journal.await("stop:complete", 200));
        EXPECT_EQ(scene.journal.seen("start:complete"), 200U);
    }
    EXPECT_EQ(scene.liveSources, 0);
    EXPECT_TRUE(threadsComeDownTo(before)) << threads() << " threads, " << before << " before";
}

TEST(StopAnywhere, AStopOvertakesAConnectThatHangs) {
    Scene scene;
    scene.onOpen = [](int, const std::atomic<bool>& cancelled) -> Result<void> {
        while (!cancelled) std::this_thread::yield();
        return Error{Code::Cancelled, "cancelled"};
    };
    LivePusherContext context(options(scene), fakeStages(scene));
    context.start(noting(scene, "start"));
    ASSERT_TRUE(scene.journal.await("open"));
    context.stop(noting(scene, "stop"));
    EXPECT_TRUE(scene.journal.await("stop:ok"));
    EXPECT_EQ(scene.journal.seen("start:fail 20004"), 1U);
    EXPECT_EQ(scene.journal.seen("3005") + scene.journal.seen("-1307"), 0U);
}

TEST(StopAnywhere, ADestructorEndsAPushInAnyPhase) {
    for (int phase = 0; phase < 4; ++phase) {
        Scene scene;
        {
            LivePusherContext context(options(scene), fakeStages(scene));
            context.start(noting(scene, "start"));
            if (phase >= 1) {
                ASSERT_TRUE(scene.journal.await("open"));
            }
            if (phase >= 2) {
                ASSERT_TRUE(scene.journal.await("video delta"));
            }
            if (phase >= 3) scene.breakConnection({Code::TransferFailed, "reset"});
        }
        EXPECT_EQ(scene.liveSources, 0);
        EXPECT_EQ(scene.journal.seen("start:complete"), 1U) << "each callback comes, at the latest with the end";
    }
}

TEST(StopAnywhere, AReportOfAConnectionThatIsOverDoesNotReachTheNext) {
    Scene scene;
    std::promise<void> first;
    std::promise<void> second;
    auto g1 = first.get_future().share();
    auto g2 = second.get_future().share();
    scene.onOpen = [=](int number, const std::atomic<bool>& cancelled) -> Result<void> {
        if (number == 1) {
            g1.wait();  // says "connected" although it has been cancelled
            return {};
        }
        while (!cancelled && g2.wait_for(1ms) != std::future_status::ready) {
        }
        if (cancelled) return Error{Code::Cancelled, "cancelled"};
        return {};
    };
    LivePusherContext context(options(scene), fakeStages(scene));
    std::promise<void> busy;
    std::promise<void> release;
    context.start();
    ASSERT_TRUE(scene.journal.await("open"));
    auto gate = release.get_future().share();
    context.update([&, gate](Properties&) {  // holds the control thread
        busy.set_value();
        gate.wait();
    });
    busy.get_future().wait();
    context.stop();
    context.start(noting(scene, "second"));
    first.set_value();
    release.set_value();
    ASSERT_TRUE(scene.journal.await("open", 2));
    EXPECT_EQ(scene.journal.seen("second:ok"), 0U) << "its own open() has not returned";
    EXPECT_EQ(scene.journal.seen("1002"), 0U);
    second.set_value();
    EXPECT_TRUE(scene.journal.await("second:ok"));
}

}  // namespace livepusher::testing
