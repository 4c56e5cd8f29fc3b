// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <numbers>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "capture/music_player.hpp"
#include "expect_holds.hpp"
#include "make_media.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {

/// A signal that is at no two moments of 10 s the same: a tone that rises, another on the right.
inline float sweep(double seconds, int channel) {
    const double phase = (200 + 60 * seconds) * seconds * (channel % 2 == 0 ? 1.0 : 1.5);
    return static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * phase));
}

/// Keeps a piece's events and lets a test wait for them.
class MusicWatch {
public:
    MusicEvents events() {
        return {.onReady = [this](Timestamp duration) { change([&] { ready_ = duration, ++readies_; }); },
                .onFailed = [this](Error error) { change([&] { error_ = std::move(error), ++failures_; }); }};
    }
    /// Of the event; empty: it has not come within a time that is longer than all limits.
    std::optional<Timestamp> ready() { return wait(ready_); }
    Error error() { return wait(error_).value_or(Error{Code::Ok, "no error came"}); }
    bool hasFailed() { return count(failures_) > 0; }
    int readies() { return count(readies_); }
    int failures() { return count(failures_); }

private:
    template <typename Change>
    void change(Change change) {
        const std::lock_guard lock(mutex_);
        change();
        changed_.notify_all();
    }
    template <typename Value>
    std::optional<Value> wait(const std::optional<Value>& value) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(30), [&] { return value.has_value(); });
        return value;
    }
    int count(const int& value) {
        const std::lock_guard lock(mutex_);
        return value;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Timestamp> ready_;
    std::optional<Error> error_;
    int readies_ = 0, failures_ = 0;
};

class MusicCase : public ::testing::Test {
protected:
    /// A file of the sweep.
    std::string make(const std::string& name, const char* codec, int rate, std::int64_t samples, int channels = 2) const {
        MediaRecipe recipe;
        recipe.video = false;
        recipe.audioCodec = codec;
        recipe.sampleRate = rate;
        recipe.channels = channels;
        recipe.samples = samples;
        recipe.sound = [rate](std::int64_t n, int c) { return sweep(static_cast<double>(n) / rate, c); };
        makeMedia(folder_.file(name), recipe);
        return folder_.file(name);
    }
    static std::string bytesOf(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::unique_ptr<Music> play(const std::string& place, bool loop = false, base::AudioFormat wanted = {}) {
        return makeMusic({.url = place, .loop = loop, .wanted = wanted, .network = network_}, watch_.events());
    }
    /// Plays it and waits until it fails.
    Error errorOf(const std::string& place) {
        MusicWatch watch;
        const auto music = makeMusic({.url = place, .loop = false, .wanted = {}, .network = network_}, watch.events());
        auto error = watch.error();
        EXPECT_TRUE(music->over()) << place;
        EXPECT_EQ(watch.readies(), 0) << place;
        return error;
    }
    /// That many samples, or all until it is over.
    static std::vector<float> readSome(Music& music, std::size_t samples) {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        std::vector<float> all(samples);
        std::size_t had = 0;
        while (had < samples && std::chrono::steady_clock::now() < limit) {
            const auto over = music.over();
            const auto got = music.read(std::span(all).subspan(had));
            had += got;
            if (got > 0) continue;
            if (over) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));  // nobody is told that samples have come
        }
        all.resize(had);
        return all;
    }
    static std::vector<float> readAll(Music& music) { return readSome(music, std::size_t{1} << 22U); }

    TempFolder folder_;
    MusicWatch watch_;
    base::NetworkOptions network_;
};

}  // namespace livepusher::capture
