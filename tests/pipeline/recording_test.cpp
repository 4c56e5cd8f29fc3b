// SPDX-License-Identifier: MIT
#include "pipeline/recording.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fake_idle.hpp"

namespace livepusher::pipeline {
namespace {

using namespace std::chrono_literals;
using Kind = Packet::Kind;
using Track = Packet::Track;

Packet video(Kind kind, std::chrono::milliseconds at) {
    return {Track::Video, kind, at, at, std::make_shared<const std::vector<std::uint8_t>>(1), nullptr};
}

/// What happens to a file, and the disk's own will.
struct Disk {
    std::mutex mutex;
    std::condition_variable changed;
    bool hangs = false;
    int opened = 0;
    int keysWanted = 0;
    std::vector<Packet> written;
    std::vector<std::string> told;

    void note(std::string what) {
        std::lock_guard lock(mutex);
        told.push_back(std::move(what));
    }
    void wantKey() {
        {
            std::lock_guard lock(mutex);
            ++keysWanted;
        }
        changed.notify_all();
    }
    void awaitKeyWanted() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return keysWanted > 0; });
    }
    void await(std::size_t packets) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return written.size() >= packets; });
    }
    void hang(bool on) {
        {
            std::lock_guard lock(mutex);
            hangs = on;
        }
        changed.notify_all();
    }
};

class FakeFile final : public rtmp::Publisher {
public:
    explicit FakeFile(Disk& disk) : disk_(disk) {}
    Result<void> open(const base::Url&, const rtmp::PublisherSettings&, rtmp::PublisherObserver&) override {
        ++disk_.opened;
        return {};
    }
    Result<void> write(const Packet& packet) override {
        std::unique_lock lock(disk_.mutex);
        disk_.written.push_back(packet);
        disk_.changed.notify_all();
        disk_.changed.wait(lock, [this] { return !disk_.hangs || cancelled_; });
        if (!cancelled_) return {};
        failed_ = Error{Code::FileFailed, "is incomplete"};
        return Error{Code::Cancelled, "cancelled"};
    }
    Result<void> begin() override { return {}; }
    Result<void> idle(Clock::time_point until, const base::EventFd& wake) override {
        return rtmp::test::idle(until, wake, cancel_);
    }
    Result<void> close(rtmp::EndReason) override {
        std::lock_guard lock(disk_.mutex);
        if (failed_) return *failed_;
        return {};
    }
    void cancel() override {
        {
            std::lock_guard lock(disk_.mutex);
            cancelled_ = true;
        }
        cancel_.signal();
        disk_.changed.notify_all();
    }
    rtmp::LinkStatistics statistics() const override { return {}; }

private:
    Disk& disk_;
    base::EventFd cancel_;
    bool cancelled_ = false;
    std::optional<Error> failed_;
};

class RecordingTest : public ::testing::Test, public KeyFrameSource {
protected:
    void forceKey() override { disk_.wantKey(); }

    Disk disk_;
    Events events_{{.onStateChange = [this](const StateChangeEvent& e) { disk_.note(std::to_string(e.code)); },
                    .onNetStatus = {},
                    .onError = [this](const ErrorEvent& e) { disk_.note(e.errMsg); }},
                   [](const std::function<void()>& task) { task(); }};
    Recording recording_{"a.flv", std::make_unique<FakeFile>(disk_), rtmp::PublisherSettings{}, TargetEvents(events_, "record"),
                         *this};
};

TEST_F(RecordingTest, APushThatNeverBeginsOpensNoFile) {
    recording_.deliver(video(Kind::Key, 0ms));
    recording_.finish(0ms);
    EXPECT_EQ(disk_.opened, 0);
    EXPECT_TRUE(disk_.told.empty());
}

TEST_F(RecordingTest, BeginsWithAKeyFrameWhenThePushDoes) {
    recording_.deliver(video(Kind::Config, 0ms));
    for (auto at = 0ms; at < 20s; at += 100ms) recording_.deliver(video(at == 0ms ? Kind::Key : Kind::Delta, at));
    EXPECT_TRUE(disk_.told.empty()) << "what came before the push is none of the file's";
    recording_.begin();
    disk_.awaitKeyWanted();
    recording_.deliver(video(Kind::Delta, 20s));
    recording_.deliver(video(Kind::Key, 21s));
    recording_.begin();
    disk_.await(2);
    recording_.finish(1min);
    EXPECT_EQ(disk_.opened, 1);
    ASSERT_EQ(disk_.written.size(), 2U);
    EXPECT_EQ(disk_.written[0].kind, Kind::Config);
    EXPECT_EQ(disk_.written[1].pts, 21s);
}

TEST_F(RecordingTest, WhatADiskThatHangsHasNoTimeForIsLeftOutUpToAKeyFrame) {
    recording_.begin();
    recording_.deliver(video(Kind::Key, 0ms));
    disk_.await(1);
    disk_.hang(true);
    recording_.deliver(video(Kind::Delta, 100ms));
    disk_.await(2);  // hangs with it
    for (auto at = 200ms; at < 60s; at += 100ms) recording_.deliver(video(at % 10s == 0ms ? Kind::Key : Kind::Delta, at));
    EXPECT_EQ(disk_.told, std::vector<std::string>{"20009"}) << "once";
    disk_.hang(false);
    recording_.deliver(video(Kind::Key, 60s));
    recording_.deliver(video(Kind::Delta, 60'100ms));
    recording_.finish(1min);
    ASSERT_GE(disk_.written.size(), 4U);
    EXPECT_LT(disk_.written.size(), 310U) << "bounded memory";
    EXPECT_EQ(disk_.written[2].kind, Kind::Key) << "nothing that refers to what is left out";
    EXPECT_EQ(disk_.written.back().pts, 60'100ms);
    EXPECT_EQ(disk_.told, (std::vector<std::string>{"20009", "20009"})) << "and at the end what is missing";
}

TEST_F(RecordingTest, AnEndThatADiskDoesntAllowIsTold) {
    recording_.begin();
    disk_.hang(true);
    recording_.deliver(video(Kind::Key, 0ms));
    disk_.await(1);
    recording_.finish(0ms);
    EXPECT_EQ(disk_.told, std::vector<std::string>{"is incomplete"});
}

}  // namespace
}  // namespace livepusher::pipeline
