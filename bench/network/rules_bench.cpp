// SPDX-License-Identifier: MIT
// Pushes a stream of the right sizes and no content through the library's own queue, uplink and publisher, its bitrate
// found by one of several rules: what rig.py measures them with on the same link. All of them gain from the uplink's short
// buffers (64 KB, and 16 KB unsent in the kernel), which the programs that the others' rules come from do not have.

#include "rules.hpp"
#include "synthetic_encoder.hpp"

#include "net/url.hpp"
#include "pipeline/uplink.hpp"
#include "rtmp/publishers.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <thread>

namespace {

using namespace livepusher;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kTick = 100ms;
constexpr auto kStatusEvery = 500ms;
constexpr int kGroupSeconds = 2;
constexpr int kSampleRate = 48000, kSamplesPerBlock = 1024;

std::atomic<bool> interrupted{false};

struct Watch final : pipeline::UplinkObserver {
    void connected() override { isConnected = true; }
    void keyFrameWanted() override { wantsKey = true; }
    void lost(Error why) override {
        std::fprintf(stderr, "bench_rules: %s\n", why.message.c_str());
        isLost = true;
    }
    std::atomic<bool> isConnected{false}, isLost{false}, wantsKey{false};
} watch;

void tell(const std::string& line) {
    std::puts(line.c_str());
    std::fflush(stdout);
}

void tellCode(int code, const std::string& message) {
    tell(R"({"event":"statechange","code":)" + std::to_string(code) + R"(,"message":")" + message + "\"}");
}

struct Options {
    std::string rule = "ours", url;
    int min = 200, max = 3500, audio = 96, fps = 30, seed = 1;

    bool read(int count, char** words) {
        const std::map<std::string, int*> numbers{
            {"--min", &min}, {"--max", &max}, {"--audio", &audio}, {"--fps", &fps}, {"--seed", &seed}};
        for (int i = 1; i + 1 < count; i += 2) {
            const std::string key = words[i];
            if (key == "--rule")
                rule = words[i + 1];
            else if (key == "--url")
                url = words[i + 1];
            else if (const auto found = numbers.find(key); found != numbers.end())
                *found->second = std::atoi(words[i + 1]);
            else
                return false;
        }
        return count % 2 == 1 && !url.empty() && min > 0 && max >= min && audio > 0 && fps > 0;
    }
};

/// The stream, made in real time until interrupted.
class Pusher {
public:
    Pusher(const Options& options, bench::Rule& rule, pipeline::SendQueue& queue, const pipeline::Uplink& uplink)
        : options_(options), rule_(rule), queue_(queue), uplink_(uplink), order_{.bitrate = options.max}, told_(options.max) {}

    void run() {
        begin_ = Clock::now();
        queue_.push(bench::SyntheticEncoder::config(1280, 720, options_.fps, options_.max));
        auto sound = bench::SyntheticEncoder::of(Packet::Track::Audio, Packet::Kind::Config, Timestamp::zero(), {0x11, 0x90});
        sound.description = std::make_shared<Packet::Description>(
            Packet::Description{.bitrate = options_.audio, .sampleRate = kSampleRate, .channels = 2});
        queue_.push(std::move(sound));
        tellCode(1008, "H.264 synthetic, " + std::to_string(options_.max) + " kbps");

        std::int64_t frames = 0, blocks = 0, ticks = 0, statuses = 0;
        while (!interrupted && !watch.isLost) {
            const auto frameAt = Timestamp(frames * 1'000'000 / options_.fps);
            const auto blockAt = Timestamp(blocks * kSamplesPerBlock * 1'000'000 / kSampleRate);
            const auto tickAt = ticks * Timestamp(kTick), statusAt = statuses * Timestamp(kStatusEvery);
            const auto next = std::min({frameAt, blockAt, tickAt, statusAt});
            std::this_thread::sleep_until(begin_ + next);
            if (next == frameAt) {
                frame(frameAt);
                ++frames;
            } else if (next == blockAt) {
                queue_.push(bench::SyntheticEncoder::of(
                    Packet::Track::Audio, Packet::Kind::Key, blockAt,
                    std::vector<std::uint8_t>(static_cast<std::size_t>(options_.audio) * 125 * kSamplesPerBlock / kSampleRate,
                                              0x55)));
                ++blocks;
            } else if (next == tickAt) {
                tick();
                ++ticks;
            } else {
                status();
                ++statuses;
            }
        }
        status();
    }

private:
    void frame(Timestamp at) {
        if (order_.skip || (encoded_ && at - *encoded_ < order_.interval)) return;
        encoded_ = at;
        ++frames_;
        auto packet = encoder_.frame(at, order_.bitrate, watch.wantsKey.exchange(false));
        videoBytes_ += packet.data->size();
        if (queue_.push(std::move(packet)) && rule_.forcesKeys()) watch.wantsKey = true;
    }

    void tick() {
        order_ = rule_.tick({Clock::now(), queue_.counts(), uplink_.statistics(), videoBytes_});
        if (std::abs(order_.bitrate - told_) * 20 < told_) return;
        tellCode(1006, "bitrate " + std::to_string(order_.bitrate) + " kbps, was " + std::to_string(told_) + " kbps");
        told_ = order_.bitrate;
    }

    void status() const { tell(R"({"event":"netstatus","info":{"videoFrames":)" + std::to_string(frames_) + "}}"); }

    const Options& options_;
    bench::Rule& rule_;
    pipeline::SendQueue& queue_;
    const pipeline::Uplink& uplink_;
    bench::SyntheticEncoder encoder_{options_.fps, kGroupSeconds* options_.fps, static_cast<unsigned>(options_.seed)};
    Clock::time_point begin_;
    bench::Rule::Order order_;
    std::optional<Timestamp> encoded_;  // the last frame that was
    int told_;                          // kbps
    std::uint64_t videoBytes_ = 0;
    int frames_ = 0;
};

}  // namespace

int main(int count, char** words) {
    Options options;
    if (!options.read(count, words)) {
        std::fputs(
            "usage: bench_rules --url rtmp://HOST/APP/KEY [--rule ours|obs|haishinkit|fixed] [--min KBPS] [--max KBPS]\n"
            "                   [--audio KBPS] [--fps N] [--seed N]\n",
            stderr);
        return 2;
    }
    const auto rule = bench::makeRule(options.rule, {options.min, options.max, options.audio});
    const auto url = base::Url::parse(options.url);
    if (!rule || !url) {
        std::fprintf(stderr, "bench_rules: %s\n", rule ? url.error().message.c_str() : "no such rule");
        return 2;
    }
    std::signal(SIGINT, [](int) { interrupted = true; });
    std::signal(SIGTERM, [](int) { interrupted = true; });

    pipeline::SendQueue queue(rule->queueLimit());
    queue.expect(true, true);
    pipeline::Uplink uplink(rtmp::makeRtmpPublisher(), *url, {}, queue, watch);
    // The queue's configs open the outlet, so encoding begins with the connection and not before it.
    // Polled, since a signal ends it too, whose handler may wake nobody.
    while (!watch.isConnected && !watch.isLost && !interrupted) std::this_thread::sleep_for(1ms);
    if (watch.isConnected) {
        tellCode(1002, "pushing");
        Pusher(options, *rule, queue, uplink).run();
    }
    queue.finish();
    uplink.drain(1s);
    return watch.isLost ? 1 : 0;
}
