// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "av/resampler.hpp"
#include "base/frame_time.hpp"
#include "base/thread.hpp"
#include "capture/sink_gate.hpp"
#include "capture/test_picture.hpp"
#include "capture/test_tone.hpp"
#include "media/picture_size.hpp"

namespace livepusher::capture {

/// Runs while an end runs and stands still otherwise, so that after a pause the picture goes on where it was.
class TestClock {
public:
    struct Begin {
        Timestamp zero;      ///< the moment of time 0
        Timestamp position;  ///< time now
    };
    /// [control]
    Begin begin() {
        std::lock_guard lock(mutex_);
        const auto moment = now();
        if (users_++ == 0) zero_ = moment - rest_;
        return {zero_, moment - zero_};
    }
    void end() {
        std::lock_guard lock(mutex_);
        if (--users_ == 0) rest_ = now() - zero_;
    }

private:
    std::mutex mutex_;
    int users_ = 0;
    Timestamp zero_{}, rest_{};
};

namespace {

/// The first tick at or after `time`, of ticks that are `rate` to the second.
std::int64_t tickAt(Timestamp time, int rate) { return (time.count() * rate + 999'999) / 1'000'000; }

/// Whether the process stood still at that moment: a test picture goes on with the present one then.
bool isMissed(Timestamp moment) { return now() - moment > std::chrono::seconds(1); }

/// What both ends have in common. Their destructors stop it: the thread uses what is theirs.
template <typename Source>
class TestEnd : public Source {
public:
    using Sink = typename Source::Sink;
    explicit TestEnd(std::shared_ptr<TestClock> clock) : clock_(std::move(clock)) {}
    void stop() override {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        gate_.close();
        if (thread_.joinable()) thread_.join();
        if (std::exchange(usesClock_, false)) clock_->end();
    }

protected:
    /// `run` is called on the thread, with where the clock stands.
    Result<void> begin(const std::string& name, Sink& sink, auto run) {
        gate_.open(sink);
        stopping_ = false;
        usesClock_ = true;
        auto thread = base::startThread(
            "capture", [run, begin = clock_->begin()] { run(begin); }, failing(gate_));
        if (thread) {
            thread_ = std::move(*thread);
            return {};
        }
        TestEnd::stop();
        return Error{Code::SourceFailed, name + ": " + thread.error().message};
    }

    /// False when the thread is to end. [capture]
    bool waitUntil(Timestamp moment) {
        std::unique_lock lock(mutex_);
        return !wake_.wait_until(lock, std::chrono::steady_clock::time_point(moment), [&] { return stopping_; });
    }

    SinkGate<Sink> gate_;

private:
    const std::shared_ptr<TestClock> clock_;
    bool usesClock_ = false;
    std::mutex mutex_;  ///< of stopping_
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

class TestVideo final : public TestEnd<VideoSource> {
public:
    using TestEnd::TestEnd;
    ~TestVideo() override { stop(); }

    Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink& sink) override {
        stop();
        const auto good = [](int length) { return length >= 64 && length <= 4096 && length % 2 == 0; };
        const auto size = base::sizeText(wanted.width, wanted.height);
        if (!good(wanted.width) || !good(wanted.height))
            return Error{Code::InvalidArgument, "test picture " + size + ": width and height must be even, 64..4096"};
        if (wanted.fps < 1 || wanted.fps > 240)
            return Error{Code::InvalidArgument, "test picture of fps " + std::to_string(wanted.fps) + ": must be 1..240"};
        auto begun = begin("test picture", sink, [this, wanted](TestClock::Begin at) { run(wanted, at); });
        if (!begun) return begun.error();
        return VideoSourceFormat{wanted.width, wanted.height, static_cast<double>(wanted.fps), true,
                                 "test picture (" + size + ")"};
    }

private:
    void run(const WantedVideo& wanted, TestClock::Begin begin) {
        TestPicture picture(wanted.width, wanted.height);
        for (auto tick = tickAt(begin.position, wanted.fps);; ++tick) {
            const auto time = base::lengthOf(tick, wanted.fps);
            auto frame = picture.draw(counter_, time);
            frame.pts = begin.zero + time;
            if (!waitUntil(frame.pts)) return;
            if (isMissed(frame.pts)) {
                tick = tickAt(now() - begin.zero, wanted.fps) - 1;
                continue;
            }
            ++counter_;
            gate_.tell(&Sink::frame, std::move(frame));
        }
    }

    std::uint32_t counter_ = 0;  ///< of the next frame: counts on over stops, so that none seems lost
};

class TestAudio final : public TestEnd<AudioSource> {
public:
    using TestEnd::TestEnd;
    ~TestAudio() override { stop(); }

    Result<void> start(const WantedAudio& wanted, Sink& sink) override {
        stop();
        if (auto good = Resampler::check(wanted); !good) return good;
        return begin("test tone", sink, [this, wanted](TestClock::Begin at) { run(wanted, at); });
    }

private:
    void run(const WantedAudio& wanted, TestClock::Begin begin) {
        TestTone tone(wanted);
        const auto block = static_cast<std::int64_t>(wanted.blockFrames());
        for (auto first = tickAt(begin.position, wanted.sampleRate);; first += block) {
            const auto pts = begin.zero + base::lengthOf(first, wanted.sampleRate);
            const auto& samples = tone.make(first, wanted.blockFrames());
            // As from a microphone: a block is there when its last sample is.
            if (!waitUntil(begin.zero + base::lengthOf(first + block, wanted.sampleRate))) return;
            if (isMissed(pts)) {
                first = tickAt(now() - begin.zero, wanted.sampleRate) - block;
                continue;
            }
            gate_.tell(&Sink::samples, samples.data(), wanted.blockFrames(), pts);
        }
    }
};

}  // namespace

std::shared_ptr<TestClock> makeTestClock() { return std::make_shared<TestClock>(); }
std::unique_ptr<VideoSource> makeTestVideo(std::shared_ptr<TestClock> clock) {
    return std::make_unique<TestVideo>(std::move(clock));
}
std::unique_ptr<AudioSource> makeTestAudio(std::shared_ptr<TestClock> clock) {
    return std::make_unique<TestAudio>(std::move(clock));
}

}  // namespace livepusher::capture
