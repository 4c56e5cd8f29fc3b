// SPDX-License-Identifier: MIT
// The microphone's effects, each alone and all together with the encoder: milliseconds of one core for a second of
// sound, 48 kHz stereo. A microphone with one channel comes as two that are the same; "stereo" tells of one with two.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "effects/audio/processor.hpp"
#include "effects/effects.hpp"
#include "encode/encoders.hpp"

namespace {

using namespace livepusher;
using effects::AudioFormat;
using effects::AudioProcessor;

struct Nowhere final : encode::PacketSink {
    void take(Packet) override {}
};

constexpr AudioFormat kFormat{48000, 2};

/// Four seconds of a voice's harmonics in syllables, with noise.
std::vector<float> voice(bool same) {
    std::vector<float> samples;
    std::uint32_t noise = 1;
    for (int i = 0; i < 4 * kFormat.sampleRate; ++i) {
        const double t = static_cast<double>(i) / kFormat.sampleRate,
                     loud = std::max(0.0, std::sin(t * 17)) * (std::sin(t * 2.2) > -0.5);
        double sum = 0;
        for (int k = 1; k < 12; ++k) sum += std::sin(6.2831853 * 130 * k * t + k) / k;
        for (int c = 0; c < kFormat.channels; ++c) {
            if (c == 0 || !same) noise = noise * 1664525U + 1013904223U;
            samples.push_back(static_cast<float>(0.1 * loud * sum) +
                              0.004F * (static_cast<float>(noise >> 8) / 8388608.0F - 1.0F));
        }
    }
    return samples;
}

void BM_Sound(benchmark::State& state, const auto& make, bool same = true) {
    const auto in = voice(same);
    const auto processor = make();
    std::vector<float> block(kFormat.blockSamples());
    std::size_t at = 0;
    for ([[maybe_unused]] auto _ : state) {
        for (int i = 0; i < 100; ++i) {
            std::copy_n(in.data() + at, block.size(), block.data());
            at = (at + block.size()) % in.size();
            processor->process(block);
        }
        benchmark::DoNotOptimize(block.data());
    }
}

std::unique_ptr<AudioProcessor> cleaner(bool noise, bool gain) {
    auto made = effects::makeCleaner(kFormat);
    made->setNoiseSuppression(noise);
    made->setGainControl(gain);
    return made;
}

BENCHMARK_CAPTURE(BM_Sound, ans, [] { return cleaner(true, false); })->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(
    BM_Sound, ans_stereo, [] { return cleaner(true, false); }, false)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Sound, agc, [] { return cleaner(false, true); })->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Sound, ans_agc, [] { return cleaner(true, true); })->Unit(benchmark::kMillisecond);

void BM_Voice(benchmark::State& state) {
    BM_Sound(state, [&] { return effects::makeVoice(static_cast<int>(state.range(0)), kFormat); });
}
BENCHMARK(BM_Voice)->DenseRange(1, 4)->DenseRange(6, 11)->Unit(benchmark::kMillisecond);

void BM_Reverb(benchmark::State& state) {
    BM_Sound(state, [&] { return effects::makeReverb(static_cast<int>(state.range(0)), kFormat); });
}
BENCHMARK(BM_Reverb)->DenseRange(1, 7)->Unit(benchmark::kMillisecond);

/// The AAC encoder alone: one second of a voice, or of a sine at nearly full scale.
void BM_Aac(benchmark::State& state, int sampleRate, int channels, int bitrate, bool tone) {
    std::vector<float> in = voice(false);
    if (tone)
        for (std::size_t i = 0; i < in.size(); ++i)
            in[i] = static_cast<float>(0.95 * std::sin(6.2831853 * 1000 * static_cast<double>(i / 2) / sampleRate));
    const auto encoder = encode::makeAacEncoder();
    Nowhere nowhere;
    if (auto opened = encoder->open({{sampleRate, channels}, bitrate}, nowhere); !opened)
        return state.SkipWithError(opened.error().message.c_str());
    const auto frame = encoder->frameSize() * static_cast<std::size_t>(channels);
    const auto second = static_cast<std::size_t>(sampleRate * channels);
    std::size_t at = 0, done = 0, wanted = 0;
    for ([[maybe_unused]] auto _ : state) {
        for (wanted += second; done < wanted; done += frame) {
            if (at + frame > in.size()) at = 0;
            const auto pts = Timestamp(static_cast<std::int64_t>(done / second) * 1'000'000);
            if (auto coded = encoder->encode(in.data() + at, pts); !coded)
                return state.SkipWithError(coded.error().message.c_str());
            at += frame;
        }
    }
}
BENCHMARK_CAPTURE(BM_Aac, voice_96, 48000, 2, 96, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Aac, voice_320, 48000, 2, 320, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Aac, voice_16000_mono_32, 16000, 1, 32, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Aac, tone_96, 48000, 2, 96, true)->Unit(benchmark::kMillisecond);

/// What a push with all of it costs: noise suppression, gain control, a voice, a reverb, music, limiter, AAC.
/// Without the types: music, limiter and AAC alone.
void BM_SoundAllOn(benchmark::State& state, int voiceType, int reverbType, bool same) {
    const auto in = voice(same);
    Properties properties;
    properties.enableAns = properties.enableAgc = voiceType != 0;
    properties.voiceChangerType = voiceType;
    properties.audioReverbType = reverbType;
    effects::AudioMix mix;
    mix.musicVolume = 0.5;
    struct Again final : effects::MusicInput {
        explicit Again(const std::vector<float>& of) : sound(of) {}
        bool read(std::span<float> samples) override {
            for (auto& sample : samples) sample = sound[++next % sound.size()];
            return true;
        }
        const std::vector<float>& sound;
        std::size_t next = 0;
    } music(in);
    mix.music = &music;
    const auto chain = effects::makeAudioChain(kFormat);
    const auto encoder = encode::makeAacEncoder();
    Nowhere nowhere;
    if (auto opened = encoder->open({kFormat, 128}, nowhere); !opened) return state.SkipWithError(opened.error().message.c_str());
    const auto frame = encoder->frameSize() * static_cast<std::size_t>(kFormat.channels);
    std::vector<float> out;
    std::size_t at = 0, frames = 0;
    const auto block = kFormat.blockSamples();
    for ([[maybe_unused]] auto _ : state) {
        for (int i = 0; i < 100; ++i) {
            chain->apply(std::span(in).subspan(at, block), mix, properties, out);
            at = (at + block) % in.size();
            while (out.size() >= frame) {
                if (auto coded = encoder->encode(out.data(), Timestamp(static_cast<std::int64_t>(++frames) * 21'333)); !coded)
                    return state.SkipWithError(coded.error().message.c_str());
                out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(frame));
            }
        }
    }
}
BENCHMARK_CAPTURE(BM_SoundAllOn, voice_3_reverb_1, 3, 1, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_SoundAllOn, the_dearest_types, 11, 7, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_SoundAllOn, the_dearest_types_stereo, 11, 7, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_SoundAllOn, music_limiter_aac, 0, 0, true)->Unit(benchmark::kMillisecond);

}  // namespace
