// SPDX-License-Identifier: MIT
#pragma once

#include "capture/fallback/fallback_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fake_clock.hpp"

namespace livepusher::capture {

using namespace std::chrono_literals;

constexpr std::uint8_t kMain = 100, kStandby = 200;

/// What a test holds of a source: how it behaves, and how often it has been made and opened.
struct Hand {
    explicit Hand(std::uint8_t grey) : luma(grey) {}
    std::atomic<std::uint8_t> luma;
    std::atomic<float> level{0.5F};
    std::atomic<bool> gives{true}, moves{true}, opens{true}, fails{false}, hasSound{true}, hangs{false};
    std::atomic<int> ends{0};  ///< so many of those that are made end
    std::atomic<int> made{0}, starts{0}, running{0};
};

inline VideoFrame grey(std::uint8_t luma) {
    auto frame = VideoFrame::allocate(64, 36);
    std::fill_n(frame.mutablePlane(0), static_cast<std::size_t>(frame.stride(0)) * 36, luma);
    frame.pts = now();
    return frame;
}

/// Does something each 40 ms on a thread of its own.
class Pace {
public:
    ~Pace() { stop(); }
    void start(std::function<bool()> work) {
        quit_ = false;
        thread_ = std::thread([this, work = std::move(work)] {
            std::unique_lock lock(mutex_);
            while (!quit_) {
                lock.unlock();
                const bool more = work();
                lock.lock();
                if (!more) return;
                changed_.wait_for(lock, 40ms, [&] { return quit_; });
            }
        });
    }
    void stop() {
        {
            std::lock_guard lock(mutex_);
            quit_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable()) thread_.join();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool quit_ = false;
    std::thread thread_;
};

inline Error broken() { return {Code::SourceFailed, "it broke off"}; }

/// Gives what the hand says until it ends or fails, and then nothing.
inline bool play(Hand& hand, int number, SourceObserver& sink, const std::function<void()>& give) {
    if (number <= hand.ends) {
        sink.ended();
        return false;
    }
    if (hand.fails) {
        sink.failed(broken());
        return false;
    }
    if (hand.gives) give();
    return true;
}

class FakeVideo final : public VideoSource {
public:
    explicit FakeVideo(Hand& hand) : hand_(hand) {}
    ~FakeVideo() override { FakeVideo::stop(); }
    Result<VideoSourceFormat> start(const WantedVideo&, Sink& sink) override {
        ++hand_.starts;
        if (hand_.hangs) {
            std::unique_lock lock(mutex_);
            interruption_.wait(lock, [&] { return interrupted_; });
            return Error{Code::Cancelled, "interrupted"};
        }
        if (!hand_.opens) return Error{Code::SourceFailed, "it can't be opened"};
        ++hand_.running;
        on_ = true;
        pace_.start([this, &sink] {
            return play(hand_, number_, sink, [&] {
                shade_ = hand_.moves ? 10 - shade_ : 0;
                sink.frame(grey(static_cast<std::uint8_t>(hand_.luma + shade_)));
            });
        });
        return VideoSourceFormat{64, 36, 25, false, "a fake of " + std::to_string(hand_.luma)};
    }
    void stop() override {
        pace_.stop();
        if (std::exchange(on_, false)) --hand_.running;
    }
    void interrupt() override {
        {
            std::lock_guard lock(mutex_);
            interrupted_ = true;
        }
        interruption_.notify_all();
    }

private:
    Hand& hand_;
    const int number_ = hand_.made;
    int shade_ = 0;
    bool on_ = false, interrupted_ = false;
    std::mutex mutex_;
    std::condition_variable interruption_;
    Pace pace_;
};

class FakeAudio final : public AudioSource {
public:
    explicit FakeAudio(Hand& hand) : hand_(hand) {}
    ~FakeAudio() override { FakeAudio::stop(); }
    Result<void> start(const WantedAudio&, Sink& sink) override {
        if (!hand_.opens) return Error{Code::SourceFailed, "it can't be opened"};
        if (!hand_.hasSound) return Error{Code::SourceFailed, "there is no sound in it", kNoSuchTrack};
        pace_.start([this, &sink] {
            return play(hand_, number_, sink, [&] {
                const std::vector<float> block(1920 * 2, hand_.level);
                sink.samples(block.data(), 1920, now());
            });
        });
        return {};
    }
    void stop() override { pace_.stop(); }

private:
    Hand& hand_;
    const int number_ = hand_.made;
    Pace pace_;
};

/// A lane: what it is given, in order and in words.
class Lane final : public VideoSource::Sink, public AudioSource::Sink {
public:
    bool waits(const std::function<bool(const Lane&)>& condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 300s, [&] { return condition(*this); });
    }
    /// Waits for something that is told.
    bool told(const std::string& what) {
        return waits([&](const Lane& lane) {
            return std::ranges::any_of(lane.journal_, [&](const auto& line) { return line.starts_with(what); });
        });
    }
    bool seen(std::uint8_t luma) {
        return waits([&](const Lane& lane) { return lane.luma_ == luma; });
    }
    bool heard(float level) {
        return waits([&](const Lane& lane) { return lane.level_ == level; });
    }
    /// "cut 200", "20020": all but pictures and sound.
    std::vector<std::string> journal() const {
        std::lock_guard lock(mutex_);
        return journal_;
    }
    int count(const std::string& what) const {
        const auto lines = journal();
        return static_cast<int>(std::ranges::count_if(lines, [&](const auto& line) { return line.starts_with(what); }));
    }
    Timestamp longestGap() const {
        std::lock_guard lock(mutex_);
        return gap_;
    }
    Timestamp at(const std::string& what) const {
        std::lock_guard lock(mutex_);
        for (std::size_t i = journal_.size(); i-- > 0;)
            if (journal_[i].starts_with(what)) return times_[i];
        return {};
    }
    /// As it does of a source that is opened again.
    void forget() {
        std::lock_guard lock(mutex_);
        luma_ = 0;
    }
    bool mixed() const {
        std::lock_guard lock(mutex_);
        return mixed_;
    }

private:
    void frame(VideoFrame frame) override {
        change([&] {
            const int luma = frame.plane(0)[0];
            const auto side = static_cast<std::uint8_t>(luma >= kStandby ? kStandby : luma >= kMain ? kMain : luma);
            if (std::exchange(cut_, false)) note("cut to " + std::to_string(side));
            // Without a cut no picture of another source may come.
            else if (luma_ != 0 && (side == kStandby) != (luma_ == kStandby))
                mixed_ = true;
            if (lastFrame_ > Timestamp{}) gap_ = std::max(gap_, now() - lastFrame_);
            lastFrame_ = now();
            luma_ = side;
        });
    }
    void samples(const float* samples, std::size_t, Timestamp) override {
        change([&] { level_ = samples[0]; });
    }
    void formatChanged(VideoSourceFormat format) override {
        change([&] { note("format " + format.description); });
    }
    void cut() override {
        change([&] { cut_ = true; });
    }
    void ended() override {
        change([&] { note("ended"); });
    }
    void failed(Error why) override {
        change([&] { note("failed " + why.message); });
    }
    void code(Code code, std::string what) override {
        change([&] { note(std::to_string(static_cast<int>(code)) + " " + what); });
    }
    void note(std::string line) {
        journal_.push_back(std::move(line));
        times_.push_back(now());
    }
    template <typename Act>
    void change(Act act) {
        {
            std::lock_guard lock(mutex_);
            act();
        }
        changed_.notify_all();
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> journal_;
    std::vector<Timestamp> times_;
    std::uint8_t luma_ = 0;
    float level_ = -1;
    bool cut_ = false, mixed_ = false;
    Timestamp lastFrame_{}, gap_{};
};

/// Of what nobody tells: looks each 10 ms of the fake clock's time.
inline bool comes(const std::function<bool()>& condition) {
    for (int i = 0; i < 3000 && !condition(); ++i) std::this_thread::sleep_for(10ms);
    return condition();
}

class FallbackSourceTest : public testing::Test {
protected:
    void make(std::vector<FallbackOn> on = {FallbackOn::lost, FallbackOn::ended}, bool keepSound = false) {
        const auto maker = [](Hand& hand) {
            return [&hand]() -> Result<SourcePair> {
                ++hand.made;
                SourcePair pair;
                pair.video = std::make_unique<FakeVideo>(hand);
                pair.audio = std::make_unique<FakeAudio>(hand);
                return pair;
            };
        };
        pair_ = makeFallback({.main = maker(main_),
                              .mainIsOne = true,
                              .mainIsPipe = [this] { return pipe_.load(); },
                              .mainName = "main",
                              .standby = maker(standby_),
                              .standbyIsOne = true,
                              .standbyMayCome = false,
                              .standbyName = "standby",
                              .keepSound = keepSound,
                              .rules = {std::move(on), 2s}},
                             true, true, nullptr);
    }
    Result<VideoSourceFormat> start() {
        auto format = pair_.video->start({.width = 64, .height = 36, .fps = 25}, lane_);
        const auto sound = pair_.audio->start({{48000, 2}}, lane_);
        EXPECT_TRUE(sound);
        return format;
    }
    void TearDown() override {
        if (pair_.video) pair_.video->interrupt();
        if (pair_.audio) pair_.audio->interrupt();
        pair_ = {};
        EXPECT_EQ(main_.running, 0);
        EXPECT_EQ(standby_.running, 0);
        EXPECT_FALSE(lane_.mixed()) << "a picture of the one among those of the other";
    }

    const FakeClock clock_;
    Hand main_{kMain}, standby_{kStandby};
    std::atomic<bool> pipe_{false};
    Lane lane_;
    SourcePair pair_;
};

}  // namespace livepusher::capture
