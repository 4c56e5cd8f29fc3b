// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"
#include "encode/packet_list.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

namespace livepusher::encode::test {

/// An encoder under test, what it was given and what it has made of that.
struct AudioEncoderCase : testing::Test {
    explicit AudioEncoderCase(std::unique_ptr<AudioEncoder> made) : encoder(std::move(made)) {}

    AudioEncoderSettings settings;
    std::unique_ptr<AudioEncoder> encoder;
    PacketList sink;
    std::vector<Packet>& packets = sink.packets;
    std::vector<float> given;  ///< the first channel
    static constexpr Timestamp kStart = std::chrono::seconds(2);

    Result<std::string> open() { return encoder->open(settings, sink); }
    Timestamp timeOf(std::size_t sample) const {
        return kStart + Timestamp(static_cast<std::int64_t>(sample) * 1'000'000 / settings.sampleRate);
    }
    void forget() {
        packets.clear();
        given.clear();
    }
    /// `sound(sample, channel)`, block after block.
    template <typename Sound>
    void give(int blocks, Sound sound) {
        const auto size = encoder->frameSize();
        const auto channels = static_cast<std::size_t>(settings.channels);
        std::vector<float> block(size * channels);
        for (int b = 0; b < blocks; ++b) {
            const auto first = given.size();
            for (std::size_t i = 0; i < size; ++i) {
                for (std::size_t c = 0; c < channels; ++c) block[i * channels + c] = sound(first + i, c);
                given.push_back(block[i * channels]);
            }
            const auto result = encoder->encode(block.data(), timeOf(first));
            ASSERT_TRUE(result) << result.error().message;
        }
    }
    /// What the media packets take, kbps.
    double bitrate() const {
        std::size_t bytes = 0;
        for (std::size_t i = 1; i < packets.size(); ++i) bytes += packets[i].data->size();
        const double seconds = static_cast<double>((packets.size() - 1) * encoder->frameSize()) / settings.sampleRate;
        return static_cast<double>(bytes) * 8 / 1000 / seconds;
    }
};

inline float tone(std::size_t sample, double hz, int rate) {
    return static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(sample) / rate));
}

/// How much of `samples` is a tone of that frequency: 1 is all.
inline double share(const std::vector<float>& samples, double hz, int rate) {
    double re = 0, im = 0, power = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate;
        re += samples[i] * std::cos(phase);
        im += samples[i] * std::sin(phase);
        power += samples[i] * static_cast<double>(samples[i]);
    }
    return 2 * (re * re + im * im) / (static_cast<double>(samples.size()) * power);
}

/// White noise, the same each time.
class Noise {
public:
    explicit Noise(std::uint32_t seed) : state_(seed) {}
    float next() {
        state_ = state_ * 1664525U + 1013904223U;
        return static_cast<float>(state_ >> 8) / 8388608.0F - 1.0F;
    }

private:
    std::uint32_t state_;
};

/// Noise without its heights, the same in both channels: it repeats nowhere, so that its correlation has one peak.
class SoftNoise {
public:
    float operator()(std::size_t, std::size_t channel) {
        if (channel == 0) last_ = 0.8F * last_ + 0.1F * noise_.next();
        return last_;
    }

private:
    Noise noise_{1};
    float last_ = 0;
};

}  // namespace livepusher::encode::test
