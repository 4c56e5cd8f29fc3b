// SPDX-License-Identifier: MIT
#include "speaker/device_speaker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/frame_time.hpp"
#include "counted_source.hpp"
#include "fake_clock.hpp"

// With a real sound server it is tried by tests/integration/speaker_test.py.
namespace livepusher::speaker {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kBlock = 480;
constexpr std::int64_t kRate = kFormat.sampleRate;

/// A device and what may happen to it.
struct Device {
    explicit Device(std::string called) : name(std::move(called)) {}

    void set(bool& what, bool to) {
        std::lock_guard lock(mutex);
        what = to;
        changed.notify_all();
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::string name, moveTo;
    bool there = true;
    bool server = true;   ///< false: there is none of its kind
    bool hung = false;    ///< play() does not come back
    bool silent = false;  ///< open() waits for an answer
    bool moves = false;
    int opened = 0;
    Role role = Role::Speaker;
    std::int64_t latency = 0;
};

class FakeOutput final : public SoundOutput {
public:
    FakeOutput(std::shared_ptr<Device> device, std::shared_ptr<const OutputOrder> order)
        : device_(std::move(device)), order_(std::move(order)) {}

    Result<void> open(Timestamp until) override {
        std::unique_lock lock(device_->mutex);
        wait(lock, until, [&] { return !device_->silent; });
        if (device_->silent || !device_->there) return Error{Code::NotAvailable, device_->name + ": is not there"};
        ++device_->opened;
        next_ = now();
        return {};
    }
    Result<void> play(Timestamp until, Feed& feed) override {
        std::unique_lock lock(device_->mutex);
        wait(lock, std::min(next_, until), [&] { return !device_->there || device_->hung || device_->moves; });
        device_->changed.wait(lock, [&] { return !device_->hung; });
        if (!device_->there) return Error{Code::NotAvailable, device_->name + ": has gone"};
        device_->role = order_->role;
        device_->latency = order_->latency;
        if (std::exchange(device_->moves, false)) {
            device_->name = device_->moveTo;
            feed.moved(device_->name);
        }
        lock.unlock();
        if (now() < next_) return {};
        float block[2 * kBlock];
        if (!feed.fill(block)) return outputGivenUp(*order_);
        feed.heard(feed.filled() - kBlock - base::framesIn(Timestamp(order_->latency.load()), kFormat.sampleRate), next_);
        next_ += 10ms;
        return {};
    }
    std::string name() const override { return device_->name; }
    bool noServer() const override { return !device_->server; }
    void wake() override { device_->changed.notify_all(); }

private:
    void wait(std::unique_lock<std::mutex>& lock, Timestamp until, auto condition) {
        const std::chrono::steady_clock::time_point moment(until);
        device_->changed.wait_until(lock, moment, [&] { return order_->quit || condition(); });
    }

    const std::shared_ptr<Device> device_;
    const std::shared_ptr<const OutputOrder> order_;
    Timestamp next_{};
};

class DeviceSpeakerTest : public ::testing::Test, protected SpeakerObserver {
protected:
    DeviceSpeakerTest() : speaker_({maker(server_), maker(card_)}) {}
    ~DeviceSpeakerTest() override {
        server_->set(server_->hung, false);
        speaker_.close();
        EXPECT_FALSE(source_.broken);
    }

    static OutputMaker maker(std::shared_ptr<Device> device) {
        return
            [device](std::shared_ptr<const OutputOrder> order) { return std::make_unique<FakeOutput>(device, std::move(order)); };
    }
    void open(const SpeakerOptions& options = {}) { ASSERT_TRUE(speaker_.open(options, source_, *this)); }

    void onSpeakerOpened(const std::string& device) override { note("opened " + device); }
    void onSpeakerMoved(const std::string& device) override { note("moved " + device); }
    void onSpeakerLost(const Error& why) override { note("lost: " + why.message); }
    void note(std::string what) {
        std::lock_guard lock(mutex_);
        told_.push_back(std::move(what));
        changed_.notify_all();
    }
    std::vector<std::string> told() {
        std::lock_guard lock(mutex_);
        return told_;
    }
    /// Until so much has been told.
    std::string wait(std::size_t count) {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, 30s, [&] { return told_.size() >= count; }));
        return told_.size() < count ? "" : told_[count - 1];
    }
    static void pass(Timestamp time) { std::this_thread::sleep_for(time); }
    /// Samples go on being taken as fast as they are heard.
    void expectPace(Timestamp time) {
        const auto before = source_.frames.load();
        pass(time);
        EXPECT_NEAR(static_cast<double>(source_.frames - before), static_cast<double>(base::framesIn(time, kFormat.sampleRate)),
                    2 * kBlock);
    }

    FakeClock clock_;
    std::shared_ptr<Device> server_ = std::make_shared<Device>("Built-in");
    std::shared_ptr<Device> card_ = std::make_shared<Device>("hw:0");
    test::CountedSource source_;
    DeviceSpeaker speaker_;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> told_;
};

TEST_F(DeviceSpeakerTest, WithoutADeviceSamplesAreTakenByTheSteadyClockToTheFrame) {
    open({.device = kNoDevice});
    pass(100ms);
    const auto first = speaker_.heard();
    ASSERT_TRUE(first);
    for (int minute = 1; minute <= 3; ++minute) {
        pass(60s);
        const auto heard = speaker_.heard();
        EXPECT_EQ(heard->line, first->line);
        EXPECT_EQ(heard->frames - first->frames, (heard->at - first->at).count() * kRate / 1'000'000);
        EXPECT_LE(now() - heard->at, 20ms);
    }
    EXPECT_NEAR(static_cast<double>(source_.frames), static_cast<double>(180 * kRate + kRate / 10), 2 * kBlock);
    EXPECT_TRUE(told().empty());
    EXPECT_EQ(server_->opened + card_->opened, 0);
}

TEST_F(DeviceSpeakerTest, ADeviceIsToldAndSaysWhatIsHeardOfIt) {
    open({.latency = 30ms});
    EXPECT_EQ(wait(1), "opened Built-in");
    pass(1s);
    const auto heard = speaker_.heard();
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->frames, source_.frames - kBlock - 30 * kRate / 1000);
    EXPECT_LE(now() - heard->at, 10ms);
    expectPace(5s);
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(DeviceSpeakerTest, LostItIsToldOnceTimeGoesOnAndItComesBack) {
    open();
    wait(1);
    pass(1s);
    const auto before = speaker_.heard()->line;
    server_->set(server_->there, false);
    EXPECT_EQ(wait(2), "lost: Built-in: has gone");
    expectPace(10s);
    const auto without = *speaker_.heard();
    EXPECT_NE(without.line, before);
    EXPECT_LE(now() - without.at, 20ms);
    server_->set(server_->there, true);
    EXPECT_EQ(wait(3), "opened Built-in");
    expectPace(1s);
    EXPECT_NE(speaker_.heard()->line, without.line);
    EXPECT_EQ(told().size(), 3U);
}

TEST_F(DeviceSpeakerTest, ADeviceThatHangsIsGivenUpAndComesBackWhenItAnswers) {
    open();
    wait(1);
    pass(1s);
    const auto hung = now();
    server_->set(server_->hung, true);
    EXPECT_EQ(wait(2), "lost: speaker: takes no more sound");
    EXPECT_LE(now() - hung, 600ms);
    expectPace(10s);
    server_->set(server_->hung, false);
    EXPECT_EQ(wait(3), "opened Built-in");
    expectPace(1s);
}

TEST_F(DeviceSpeakerTest, CloseWaitsForNoDeviceThatHangsAndTheSourceIsLeftAlone) {
    open();
    wait(1);
    pass(1s);
    server_->set(server_->hung, true);
    const auto begin = now();
    speaker_.close();
    EXPECT_LE(now() - begin, 450ms);
    source_.forbidden = true;
    server_->set(server_->hung, false);
    pass(1s);
    EXPECT_FALSE(source_.broken);
    EXPECT_FALSE(speaker_.heard());
}

TEST_F(DeviceSpeakerTest, CloseWaitsForNoAnswerEither) {
    server_->silent = true;
    open();
    pass(100ms);
    const auto begin = now();
    speaker_.close();
    EXPECT_LE(now() - begin, 50ms);
    EXPECT_EQ(source_.frames, 0);
}

TEST_F(DeviceSpeakerTest, WithoutAnAnswerForASecondTimeBeginsWithoutSound) {
    server_->silent = true;
    const auto begin = now();
    open();
    EXPECT_EQ(wait(1), "lost: speaker: no sound server or card has answered yet");
    EXPECT_EQ((now() - begin) / 100ms, 10);
    expectPace(1s);
    server_->set(server_->silent, false);
    EXPECT_EQ(wait(2), "opened Built-in");
}

TEST_F(DeviceSpeakerTest, WithoutAServerACardIsTaken) {
    server_->there = server_->server = false;
    open();
    EXPECT_EQ(wait(1), "opened hw:0");
    expectPace(1s);
}

TEST_F(DeviceSpeakerTest, WithoutAnyDeviceBothReasonsAreToldAtOnce) {
    server_->there = server_->server = card_->there = false;
    const auto begin = now();
    open();
    EXPECT_EQ(wait(1), "lost: Built-in: is not there; ALSA: hw:0: is not there");
    EXPECT_LE(now() - begin, 100ms);
    expectPace(5s);
    card_->set(card_->there, true);
    EXPECT_EQ(wait(2), "opened hw:0");
}

TEST_F(DeviceSpeakerTest, WhatIsNamedIsHeardOrNothingIs) {
    server_->there = server_->server = false;
    open({.device = "headphones"});
    EXPECT_EQ(wait(1), "lost: Built-in: is not there");
    pass(5s);
    EXPECT_EQ(card_->opened, 0);
    speaker_.close();
    open({.device = "plughw:1"});
    EXPECT_EQ(wait(2), "opened hw:0");
}

TEST_F(DeviceSpeakerTest, AMoveIsToldAndBeginsALineOfItsOwn) {
    open();
    wait(1);
    pass(1s);
    const auto before = speaker_.heard()->line;
    {
        std::lock_guard lock(server_->mutex);
        server_->moveTo = "Headset";
        server_->moves = true;
        server_->changed.notify_all();
    }
    EXPECT_EQ(wait(2), "moved Headset");
    pass(100ms);
    EXPECT_NE(speaker_.heard()->line, before);
}

TEST_F(DeviceSpeakerTest, RoleAndLatencyReachTheDevice) {
    open({.latency = 60ms});
    wait(1);
    speaker_.setRole(Role::Ear);
    speaker_.setLatency(30ms);
    pass(100ms);
    std::lock_guard lock(server_->mutex);
    EXPECT_EQ(server_->role, Role::Ear);
    EXPECT_EQ(server_->latency, 30'000);
}

TEST_F(DeviceSpeakerTest, IsOpenOnceAndCanBeOpenedAgain) {
    open();
    wait(1);
    EXPECT_EQ(speaker_.open({}, source_, *this).error().code, Code::InvalidState);
    speaker_.close();
    speaker_.close();
    const auto taken = source_.frames.load();
    pass(1s);
    EXPECT_EQ(source_.frames, taken);
    open();
    wait(2);
    expectPace(1s);
}

}  // namespace
}  // namespace livepusher::speaker
