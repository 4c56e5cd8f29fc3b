// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>

#include "pipeline/waiting_image.hpp"
#include "session/snapshots.hpp"

namespace livepusher::pipeline {
namespace {

/// A disk that answers only when it is let go.
struct HungDisk {
    std::promise<void> asked, release;
    std::shared_future<void> released = release.get_future().share();
    const std::shared_ptr<std::promise<void>> answered = std::make_shared<std::promise<void>>();

    ~HungDisk() {
        auto over = answered->get_future();
        release.set_value();
        over.wait();  // what it holds up uses what is here
    }
    auto call() {
        return [asked = &asked, released = released, answered = answered] {
            asked->set_value();
            released.wait();
            answered->set_value();
        };
    }
};

TEST(HungDisk, HoldsUpNoEndOfTheWaitingImage) {
    struct : WaitingImageObserver {
        void waitingImageLoaded(Result<VideoFrame>) override { ADD_FAILURE() << "told after its end"; }
    } observer;
    HungDisk disk;
    session::ControlLoop control("control");
    {
        WaitingImage image(
            [ask = disk.call()](const Properties&, const std::atomic<bool>&) -> Result<VideoFrame> {
                ask();
                return VideoFrame::allocate(16, 16);
            },
            control, observer);
        Properties properties;
        properties.waitingImage = "/hung/image.png";
        image.want(properties, false);
        disk.asked.get_future().wait();
    }
}

TEST(HungDisk, HoldsUpNoEndOfSnapshotsAndEachIsAnsweredOnce) {
    HungDisk disk;
    std::vector<std::string> answers;
    {
        session::Snapshots snapshots([ask = disk.call()](const VideoFrame&, SnapshotQuality, const std::string&) -> Result<void> {
            ask();
            return Error{Code::FileFailed, "too late"};
        });
        for (int i = 0; i < 2; ++i)
            snapshots.take(VideoFrame::allocate(16, 16), SnapshotQuality::raw, {},
                           [&](const Result<SnapshotResult>& taken) { answers.push_back(taken ? "ok" : taken.error().message); });
        disk.asked.get_future().wait();
    }
    ASSERT_EQ(answers.size(), 2U);
    for (const auto& answer : answers) EXPECT_NE(answer.find("does not answer"), std::string::npos) << answer;
}

}  // namespace
}  // namespace livepusher::pipeline
