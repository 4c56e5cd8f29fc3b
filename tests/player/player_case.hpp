// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/player.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "coded_stream.hpp"
#include "decode/decoders.hpp"
#include "effects/effects.hpp"
#include "fake_clock.hpp"
#include "flv/publishers.hpp"
#include "playback/stages.hpp"
#include "scripted_stream.hpp"
#include "speaker/speakers.hpp"

namespace livepusher::playback::test {

/// A player of scripted connections, with the real decoders, without a device, on the fake clock. What it tells is kept.
class PlayerCase : public ::testing::Test {
protected:
    struct Told {
        int code = 0;
        std::string message;
        Timestamp at{};
    };
    struct Shown {
        Timestamp pts{}, at{};
        int width = 0;
    };

    static PlayerOptions fresh() {
        PlayerOptions options;
        options.properties.playUrl = "rtmp://127.0.0.1/live/key";
        options.properties.audioDevice = "none";
        return options;
    }

    /// Before play().
    PlayerOptions options = fresh();
    bool withFrames = true;
    std::function<void(PlayerStages&)> change{};  ///< other stages than these

    void play(std::vector<Script> scripts) {
        stream_.emplace(std::move(scripts));
        options.handlers.onStateChange = [this](const StateChangeEvent& e) { add(told_, {e.code, e.message, now()}); };
        options.handlers.onError = [this](const ErrorEvent& e) { add(errors_, {e.errCode, e.errMsg, now()}); };
        options.handlers.onNetStatus = [](const PlayerNetStatusEvent& e) {
            if (std::getenv("LIVEPUSHER_SHOW_COURSE") == nullptr) return;
            const auto& s = e.info;
            std::printf("%8.2f delay %d target %d speed %.2f cache %d/%d stalls %d skips %d drop %d fps %.1f av %d\n",
                        static_cast<double>(now().count()) / 1e6, s.delay, s.targetDelay, s.speed, s.videoCache, s.audioCache,
                        s.stalls, s.skips, static_cast<int>(s.videoDrop), s.videoFPS, s.avPlayInterval);
        };
        if (withFrames) options.handlers.onVideoFrame = [this](const VideoFrame& f) { add(shown_, {f.pts, now(), f.width()}); };
        PlayerStages stages{
            .subscriber = [stream = *stream_](base::Url::Scheme) { return stream.next(); },
            .videoDecoder = [](VideoDecoderType, decode::DecoderObserver& o) { return decode::makeVideoDecoder(o); },
            .audioDecoder = decode::makeAudioDecoder,
            .stretcher = effects::makeTimeStretcher,
            .joiner = effects::makeSoundJoiner,
            .speaker = speaker::makeSpeaker,
            .window = {},
            .writePicture = [](const VideoFrame&, SnapshotQuality, const std::string&) { return Result<void>(); },
            .flvFile = rtmp::makeFlvFilePublisher};
        if (change) change(stages);
        player.emplace(std::move(options), std::move(stages));
    }

    /// Another player, of which nothing is told yet.
    void restart() {
        player.reset();
        options = fresh();
        const std::lock_guard lock(mutex_);
        told_.clear();
        errors_.clear();
        shown_.clear();
    }

    /// `frames` pictures, 25 a second, and sound; encoded once.
    static const std::vector<Packet>& coded(int frames, bool video = true, bool audio = true) {
        static std::map<std::tuple<int, bool, bool>, std::vector<Packet>> made;
        auto& packets = made[{frames, video, audio}];
        if (packets.empty())
            packets =
                livepusher::test::codedStream({.video = video, .audio = audio, .width = 160, .height = 96, .frames = frames});
        return packets;
    }

    /// Calls a method, and waits for its outcome.
    template <typename Options = CallOptions, typename Call>
    MethodResult outcome(Call call, Options given = {}) {
        std::optional<MethodResult> result;
        given.complete = [&](const MethodResult& r) {
            const std::lock_guard lock(mutex_);
            result = r;
            changed_.notify_all();
        };
        call(std::move(given));
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return result.has_value(); });
        return *result;
    }
    MethodResult start() {
        return outcome([&](CallOptions o) { player->start(std::move(o)); });
    }
    MethodResult stop() {
        return outcome<StopPlayOptions>([&](StopPlayOptions o) { player->stop(std::move(o)); });
    }

    /// Waits until that code has come so often.
    void await(Code code, std::size_t times = 1) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::minutes(3), [&] { return countUnlocked(code) >= times; }))
            ADD_FAILURE() << static_cast<int>(code) << " has come " << countUnlocked(code) << " times";
    }
    std::size_t count(Code code) {
        const std::lock_guard lock(mutex_);
        return countUnlocked(code);
    }
    std::vector<int> codes() {
        const std::lock_guard lock(mutex_);
        std::vector<int> all;
        for (const auto& each : told_)
            if (each.code != static_cast<int>(Code::PlayProgress)) all.push_back(each.code);
        return all;
    }
    std::vector<Told> told() {
        const std::lock_guard lock(mutex_);
        return told_;
    }
    std::vector<Told> errors() {
        const std::lock_guard lock(mutex_);
        return errors_;
    }
    std::vector<Shown> shown() {
        const std::lock_guard lock(mutex_);
        return shown_;
    }
    Timestamp toldAt(Code code) {
        const std::lock_guard lock(mutex_);
        const auto found = std::ranges::find(told_, static_cast<int>(code), &Told::code);
        return found == told_.end() ? Timestamp(-1) : found->at;
    }
    /// On the fake clock that is no time.
    static void pass(Timestamp time) { std::this_thread::sleep_for(time); }

    FakeClock clock_;
    std::optional<ScriptedStream> stream_;
    std::optional<LivePlayerContext> player;

private:
    template <typename T>
    void add(std::vector<T>& to, T what) {
        const std::lock_guard lock(mutex_);
        to.push_back(std::move(what));
        changed_.notify_all();
    }
    std::size_t countUnlocked(Code code) const {
        return static_cast<std::size_t>(std::ranges::count(told_, static_cast<int>(code), &Told::code));
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Told> told_, errors_;
    std::vector<Shown> shown_;
};

}  // namespace livepusher::playback::test
