// SPDX-License-Identifier: MIT
#include "capture/guarded_source.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace livepusher::capture {
namespace {

/// A source that hangs where it is told to, until it is let go.
struct Trouble {
    bool inStart = false, inStop = false;
    std::promise<void> asked, release;
    std::shared_future<void> released = release.get_future().share();
    std::promise<void> gone;  ///< the source was destroyed
    int made = 0;
};

class Hanging final : public VideoSource {
public:
    explicit Hanging(Trouble& trouble) : trouble_(trouble) {}
    ~Hanging() override {
        if (first_) trouble_.gone.set_value();
    }

    Result<VideoSourceFormat> start(const WantedVideo&, Sink& sink) override {
        if (first_ && trouble_.inStart) hang();
        sink_ = &sink;
        sink_->frame(VideoFrame::allocate(16, 16));
        VideoSourceFormat format;
        format.width = 16;
        return format;
    }
    void stop() override {
        if (!first_ || !trouble_.inStop) return;
        hang();
        sink_->frame(VideoFrame::allocate(16, 16));  // nobody is to hear of it
    }

private:
    void hang() {
        trouble_.asked.set_value();
        trouble_.released.wait();
    }
    Trouble& trouble_;
    const bool first_ = trouble_.made++ == 0;
    Sink* sink_ = nullptr;
};

std::unique_ptr<VideoSource> source(Trouble& trouble) {
    return guarded("test",
                   std::function<std::unique_ptr<VideoSource>()>([&trouble] { return std::make_unique<Hanging>(trouble); }));
}

struct Counting final : VideoSource::Sink {
    explicit Counting(int& to) : frames(to) {}
    void frame(VideoFrame) override { ++frames; }
    int& frames;
};

TEST(GuardedSource, PassesOnWhatComes) {
    Trouble none;
    auto guardedSource = source(none);
    int frames = 0;
    Counting sink(frames);
    const auto format = guardedSource->start({}, sink);
    ASSERT_TRUE(format);
    EXPECT_EQ(format->width, 16);
    guardedSource->stop();
    ASSERT_TRUE(guardedSource->start({}, sink));
    EXPECT_EQ(frames, 2);
    EXPECT_EQ(none.made, 1) << "a source that stopped well goes on";
}

TEST(GuardedSource, AStartThatHangsIsGivenUpWhenInterrupted) {
    Trouble trouble;
    trouble.inStart = true;
    auto guardedSource = source(trouble);
    int frames = 0;
    Counting sink(frames);
    std::thread interrupting([&] {
        trouble.asked.get_future().wait();
        guardedSource->interrupt();
    });
    const auto format = guardedSource->start({}, sink);
    interrupting.join();
    ASSERT_FALSE(format);
    EXPECT_EQ(format.error().code, Code::Cancelled);
    guardedSource.reset();
    trouble.release.set_value();
    trouble.gone.get_future().wait();
    EXPECT_EQ(frames, 0);
}

TEST(GuardedSource, AStopThatHangsIsGivenUpAndTheNextStartMakesAnother) {
    Trouble trouble;
    trouble.inStop = true;
    auto guardedSource = source(trouble);
    int frames = 0;
    Counting sink(frames);
    ASSERT_TRUE(guardedSource->start({}, sink));
    guardedSource->stop();
    ASSERT_TRUE(guardedSource->start({}, sink));
    EXPECT_EQ(trouble.made, 2);
    guardedSource->stop();
    guardedSource.reset();
    trouble.release.set_value();
    trouble.gone.get_future().wait();
    EXPECT_EQ(frames, 2);
}

}  // namespace
}  // namespace livepusher::capture
