// SPDX-License-Identifier: MIT
// The sound lane with the real music, effects and clocks, and its encoder's place taken by one that looks at samples.
#include "session_case.hpp"
#include "wiring.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>

namespace livepusher::testing {
namespace {

/// Remembers the greatest step from one sample to the next, and that times follow on each other.
class Listener final : public encode::AudioEncoder {
public:
    struct Heard {
        std::atomic<float> steepest{0}, peak{0};
        std::atomic<std::int64_t> frames{0};
        std::atomic<bool> gap{false};
    };
    explicit Listener(Heard& heard) : heard_(heard) {}

    Result<std::string> open(const encode::AudioEncoderSettings& settings, encode::PacketSink&) override {
        channels_ = static_cast<std::size_t>(settings.channels);
        return std::string("listener");
    }
    std::size_t frameSize() const override { return 1024; }
    Result<void> encode(const float* samples, Timestamp pts) override {
        float steepest = heard_.steepest, peak = heard_.peak;
        for (std::size_t i = 0; i < 1024; ++i) {
            steepest = std::max(steepest, std::abs(samples[i * channels_] - last_));
            last_ = samples[i * channels_];
            peak = std::max(peak, std::abs(last_));
        }
        heard_.steepest = steepest;
        heard_.peak = peak;
        if (next_ && std::chrono::abs(pts - *next_) > 100us) heard_.gap = true;
        next_ = pts + 21'333us;
        heard_.frames += 1024;
        return {};
    }
    void close() override {}

private:
    Heard& heard_;
    std::size_t channels_ = 2;
    float last_ = 0;
    std::optional<Timestamp> next_;
};

template <typename Number>
void put(std::ofstream& file, Number number) {
    file.write(reinterpret_cast<const char*>(&number), sizeof number);
}

/// Seconds of a tone of 200 Hz, half of full scale, as a WAV file of 16 bits.
void writeTone(const std::filesystem::path& path, double seconds) {
    const auto count = static_cast<std::uint32_t>(seconds * 48000);
    std::ofstream file(path, std::ios::binary);
    file << "RIFF";
    put(file, 36 + 2 * count);
    file << "WAVEfmt ";
    put(file, 16U);
    put(file, std::uint16_t{1});
    put(file, std::uint16_t{1});
    put(file, 48000U);
    put(file, 96000U);
    put(file, std::uint16_t{2});
    put(file, std::uint16_t{16});
    file << "data";
    put(file, 2 * count);
    for (std::uint32_t i = 0; i < count; ++i)
        put(file, static_cast<std::int16_t>(16384 * std::sin(2 * 3.14159265358979 * 200 * i / 48000)));
}

class LiveSoundTest : public SessionTest {
protected:
    LiveSoundTest() {
        std::string folder = (std::filesystem::temp_directory_path() / "livepusher-sound-XXXXXX").string();
        folder_ = ::mkdtemp(folder.data());
        writeTone(long_ = folder_ / "long.wav", 20.003);
        writeTone(short_ = folder_ / "short.wav", 0.35);
    }
    ~LiveSoundTest() override { std::filesystem::remove_all(folder_); }

    std::unique_ptr<LivePusherContext> context() {
        auto stages = fakeStages(scene_);
        const auto real = realStages();
        stages.music = real.music;
        stages.audioChain = real.audioChain;
        stages.clockMatcher = real.clockMatcher;
        stages.audioEncoder = [this](AudioCodec) { return std::make_unique<Listener>(heard_); };
        auto p = pushing();
        p.muted = true;  // the fake microphone's own edges
        return std::make_unique<LivePusherContext>(options(scene_, p), stages);
    }

    std::filesystem::path folder_, long_, short_;
    Listener::Heard heard_;
};

/// What 200 Hz at half of full scale step by themselves, and a fade of 10 ms or a volume on top.
constexpr float kOwnStep = 0.5F * 2 * 3.15F * 200 / 48000 + 0.5F / 470;

}  // namespace

TEST_F(LiveSoundTest, PlaySeekPauseLoopReplaceAndStopInAnyOrderNeverClick) {
    const char* wanted = std::getenv("LIVEPUSHER_SOUND_SECONDS");
    const std::chrono::seconds length(wanted ? std::atoi(wanted) : 4);
    auto pusher = context();
    start(*pusher);
    std::mt19937 random(23);
    const auto pick = [&](unsigned below) { return random() % below; };
    int calls = 0;
    for (const auto end = std::chrono::steady_clock::now() + length; std::chrono::steady_clock::now() < end; ++calls) {
        switch (pick(9)) {
            case 0:
            case 1: pusher->playBGM({.url = (pick(2) ? long_ : short_).string(), .loop = pick(2) == 0}); break;
            case 2: pusher->playBGM({.url = (folder_ / "missing.wav").string()}); break;
            case 3: pusher->stopBGM(); break;
            case 4: pusher->pauseBGM(); break;
            case 5: pusher->resumeBGM(); break;
            case 6: pusher->seekBGM({.position = static_cast<std::int64_t>(pick(21'000))}); break;
            case 7: pusher->setBGMVolume({.volume = static_cast<double>(pick(11)) / 10}); break;
            default: pick(2) ? pusher->pause() : pusher->resume(); break;
        }
        if (pick(3)) continue;
        std::promise<void> done;  // an answered call between: the walk goes at the control thread's pace
        pusher->setMICVolume({.volume = 1, .complete = [&](const MethodResult&) { done.set_value(); }});
        done.get_future().get();
        const auto from = heard_.frames.load();
        const auto next = from + static_cast<std::int64_t>(pick(20)) * 1024;
        while (heard_.frames < next) std::this_thread::sleep_for(2ms);
    }
    pusher.reset();
    std::printf("    %d calls, %.1f s heard, steepest %.4f of %.4f, peak %.3f\n", calls,
                static_cast<double>(heard_.frames) / 48000, static_cast<double>(heard_.steepest.load()),
                static_cast<double>(kOwnStep), static_cast<double>(heard_.peak.load()));
    EXPECT_FALSE(heard_.gap) << "the track has no hole";
    EXPECT_LT(heard_.steepest, kOwnStep);
    EXPECT_GT(heard_.peak, 0.1F) << "music was heard";
}

}  // namespace livepusher::testing
