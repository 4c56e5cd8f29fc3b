// SPDX-License-Identifier: MIT
// play_file SPEED FILE both|video|audio SAMPLES
// Plays a file through the library's own source by a clock that goes SPEED times as fast as real time, and prints what
// came as JSON: {"video": [[s, luma of the corner], …], "audio": [s of each block's begin, …], "error": "…"}. The sound
// goes to SAMPLES: 48 kHz, mono, s16, in blocks of 1024 samples. Exit code 3: what was asked for could not be played.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "capture/source_makers.hpp"

namespace {

using namespace livepusher;

constexpr int kRate = 48000;
constexpr std::size_t kBlock = 1024;
constexpr std::chrono::minutes kMost{4};

double seconds(Timestamp time) { return double(time.count()) / 1e6; }

double cornersLuma(const VideoFrame& frame) {
    const int width = std::max(frame.width() / 10, 1), height = std::max(frame.height() / 6, 1);
    double sum = 0;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) sum += frame.plane(0)[y * frame.stride(0) + x];
    return sum / width / height;
}

/// What is played, as it comes.
class Played : capture::VideoSource::Sink, capture::AudioSource::Sink {
public:
    explicit Played(const std::string& samples) : samples_(samples, std::ios::binary) {}

    capture::VideoSource::Sink& video() { return *this; }
    capture::AudioSource::Sink& audio() { return *this; }
    void fail(const Error& error) {
        std::lock_guard lock(mutex_);
        if (error_.empty()) error_ = error.message;
        ++over_;
        changed_.notify_all();
    }
    bool wait(int ends) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kMost, [&] { return over_ >= ends; });
    }
    int print() {
        std::lock_guard lock(mutex_);
        if (!block_.empty()) {
            block_.resize(kBlock);
            flush();
        }
        const nlohmann::json all{{"video", video_}, {"audio", audio_}, {"error", error_}};
        std::puts(all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
        return error_.empty() ? 0 : 3;
    }

private:
    void frame(VideoFrame frame) override {
        auto entry = nlohmann::json::array({seconds(frame.pts), cornersLuma(frame)});
        std::lock_guard lock(mutex_);
        video_.push_back(std::move(entry));
    }
    void samples(const float* samples, std::size_t frames, Timestamp pts) override {
        std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < frames; ++i) {
            if (block_.empty()) audio_.push_back(seconds(pts) + double(i) / kRate);
            block_.push_back(static_cast<std::int16_t>(std::lround(std::clamp(samples[i], -1.F, 1.F) * 32767)));
            if (block_.size() == kBlock) flush();
        }
    }
    void failed(Error why) override { fail(why); }
    void ended() override {
        std::lock_guard lock(mutex_);
        ++over_;
        changed_.notify_all();
    }
    void flush() {
        samples_.write(reinterpret_cast<const char*>(block_.data()), std::streamsize(block_.size() * sizeof block_[0]));
        block_.clear();
    }

    std::ofstream samples_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<nlohmann::json> video_;
    std::vector<double> audio_;
    std::vector<std::int16_t> block_;
    std::string error_;
    int over_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
    const double speed = count == 5 ? std::strtod(arguments[1], nullptr) : 0;
    const std::string what = count == 5 ? arguments[3] : "";
    if (speed < 1 || (what != "both" && what != "video" && what != "audio")) {
        std::fputs("usage: play_file SPEED FILE both|video|audio SAMPLES\n", stderr);
        return 2;
    }
    Played played(arguments[4]);
    capture::SourceOptions options;
    options.time = base::TimeSource(speed);
    auto ends = capture::makeFileEnds(arguments[2], false, what != "audio", what != "video", options);
    if (ends.video)
        if (auto started = ends.video->start({.width = 320, .height = 240, .fps = 60}, played.video()); !started)
            played.fail(started.error());
    if (ends.audio)
        if (auto started = ends.audio->start({{.sampleRate = kRate, .channels = 1}}, played.audio()); !started)
            played.fail(started.error());
    const bool ended = played.wait((ends.video ? 1 : 0) + (ends.audio ? 1 : 0));
    if (ends.video) ends.video->stop();
    if (ends.audio) ends.audio->stop();
    if (!ended) std::fputs("play_file: it does not end\n", stderr);
    return ended ? played.print() : 4;
}
