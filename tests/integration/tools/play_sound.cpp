// SPDX-License-Identifier: MIT
// play_sound tone|clicks DEVICE LATENCY_MS [SINK SAMPLES]
// Plays through the library's own speaker, until stdin ends: a tone of 440 Hz and -12 dB, or a click each second, in frames
// 48000, 96000, … Lines of stdin: "ear", "speaker": the role; "latency MS". Prints lines of JSON: {"event": "opened", "moved" or
// "lost", "text": …, "at": s}, {"heard": frame, "at": s, "line": n, "taken": frames, "now": s} ten times a second,
// {"closed": s that it took}. With SINK it hears that sink's monitor meanwhile, writes the left channel to SAMPLES (48 kHz, f32)
// and prints {"click": s on the same clock when it was heard there, by the sound server's own account}.
#include <livepusher/media.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

#include "sound/pulse_connection.hpp"
#include "speaker/speakers.hpp"

namespace {

using namespace livepusher;
using namespace std::chrono_literals;

constexpr std::int64_t kRate = speaker::kFormat.sampleRate;

double seconds(Timestamp time) { return static_cast<double>(time.count()) / 1e6; }

void print(const nlohmann::json& line) {
    static std::mutex mutex;
    std::lock_guard lock(mutex);
    std::puts(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    std::fflush(stdout);
}

class Source final : public speaker::SampleSource {
public:
    explicit Source(bool clicks) : clicks_(clicks) {}
    void fill(std::span<float> samples) override {
        auto frame = taken.load();
        for (std::size_t i = 0; i < samples.size(); i += 2, ++frame) samples[i] = samples[i + 1] = at(frame);
        taken = frame;
    }
    std::atomic<std::int64_t> taken{0};

private:
    float at(std::int64_t frame) const {
        const double tone = std::sin(2 * std::numbers::pi * 440 * static_cast<double>(frame % kRate) / kRate);
        if (!clicks_) return static_cast<float>(0.25 * tone);
        return frame >= kRate && frame % kRate < kRate / 200 ? 0.5F : 0.0F;
    }
    const bool clicks_;
};

class Observer final : public speaker::SpeakerObserver {
    void onSpeakerOpened(const std::string& device) override { tell("opened", device); }
    void onSpeakerMoved(const std::string& device) override { tell("moved", device); }
    void onSpeakerLost(const Error& why) override { tell("lost", why.message); }
    static void tell(const char* event, const std::string& text) {
        print({{"event", event}, {"text", text}, {"at", seconds(now())}});
    }
};

/// Hears a sink's monitor until it is to quit.
class Monitor {
public:
    Monitor(const std::string& sink, const std::string& samples) : sink_(sink), samples_(samples, std::ios::binary) {
        if (!sink.empty()) thread_ = std::thread([this] { hear(); });
    }
    ~Monitor() {
        quit_ = true;
        if (thread_.joinable()) thread_.join();
    }

private:
    void hear() {
        sound::PulseConnection connection(sound::kPulseMicrophone, quit_);
        if (const auto connected = connection.connect("monitor", now() + 5s); !connected) {
            print({{"error", connected.error().message}});
            return;
        }
        const auto& pulse = sound::pulse();
        const pa_sample_spec form{PA_SAMPLE_FLOAT32NE, kRate, 2};
        const sound::PulsePtr<pa_proplist> properties(pulse.pa_proplist_new());
        const sound::PulsePtr<pa_stream> stream(
            pulse.pa_stream_new_with_proplist(connection.context(), "monitor", &form, nullptr, properties.get()));
        const pa_buffer_attr buffer{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, kRate / 100 * 8};
        pulse.pa_stream_connect_record(stream.get(), (sink_ + ".monitor").c_str(), &buffer,
                                       static_cast<pa_stream_flags_t>(PA_STREAM_ADJUST_LATENCY | PA_STREAM_AUTO_TIMING_UPDATE |
                                                                      PA_STREAM_INTERPOLATE_TIMING | PA_STREAM_DONT_MOVE));
        while (!quit_ && connection.good()) {
            connection.iterate(now() + 20ms);
            if (pulse.pa_stream_get_state(stream.get()) == PA_STREAM_READY) drain(stream.get());
        }
    }
    void drain(pa_stream* stream) {
        const auto& pulse = sound::pulse();
        for (;;) {
            const void* data = nullptr;
            std::size_t size = 0;
            if (pulse.pa_stream_peek(stream, &data, &size) < 0 || size == 0) return;
            pa_usec_t latency = 0;
            int negative = 0;
            const bool told = pulse.pa_stream_get_latency(stream, &latency, &negative) >= 0;
            const auto age = Timestamp(static_cast<std::int64_t>(latency)) * (negative ? -1 : 1);
            if (data) take({static_cast<const float*>(data), size / sizeof(float)}, now() - age, told);
            pulse.pa_stream_drop(stream);
        }
    }
    void take(std::span<const float> samples, Timestamp first, bool told) {
        for (std::size_t i = 0; i < samples.size(); i += 2) {
            samples_.write(reinterpret_cast<const char*>(&samples[i]), sizeof(float));
            const bool loud = std::abs(samples[i]) > 0.1F;
            if (loud && quiet_ > kRate / 10 && told)
                print({{"click", seconds(first + Timestamp(static_cast<std::int64_t>(i / 2) * 1'000'000 / kRate))}});
            quiet_ = loud ? 0 : quiet_ + 1;
        }
    }

    const std::string sink_;
    std::ofstream samples_;
    std::atomic<bool> quit_{false};
    std::int64_t quiet_ = 0;
    std::thread thread_;
};

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 3 && words.size() != 5) {
        std::fputs("play_sound tone|clicks DEVICE LATENCY_MS [SINK SAMPLES]\n", stderr);
        return 2;
    }
    Source source(words[0] == "clicks");
    Observer observer;
    const auto speaker = speaker::makeSpeaker();
    {
        const Monitor monitor(words.size() == 5 ? words[3] : "", words.size() == 5 ? words[4] : "/dev/null");
        const auto opened = speaker->open(
            {.device = words[1] == "default" ? "" : words[1], .latency = std::chrono::milliseconds(std::atoi(words[2].c_str()))},
            source, observer);
        if (!opened) {
            print({{"error", opened.error().message}});
            return 1;
        }
        std::atomic<bool> over{false};
        std::thread telling([&] {
            while (!over) {
                if (const auto heard = speaker->heard())
                    print({{"heard", heard->frames},
                           {"at", seconds(heard->at)},
                           {"line", heard->line},
                           {"taken", source.taken.load()},
                           {"now", seconds(now())}});
                std::this_thread::sleep_for(100ms);
            }
        });
        for (std::string line; std::getline(std::cin, line);) {
            if (line == "ear") speaker->setRole(speaker::Role::Ear);
            if (line == "speaker") speaker->setRole(speaker::Role::Speaker);
            if (line.starts_with("latency ")) speaker->setLatency(std::chrono::milliseconds(std::atoi(line.c_str() + 8)));
        }
        over = true;
        telling.join();
    }
    const auto begin = now();
    speaker->close();
    print({{"closed", seconds(now() - begin)}});
    return 0;
}
