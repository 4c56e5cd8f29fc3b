// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "base/frame_time.hpp"
#include "capture/test_picture.hpp"
#include "media/audio_format.hpp"

namespace livepusher::capture {

/// The test sound: 440 Hz at -20 dBFS, and a louder 1 kHz beep at each full second, as long as the test picture's
/// flash, so that their offset can be measured. A pure function of the sample's number.
class TestTone {
public:
    explicit TestTone(const base::AudioFormat& format) : format_(format) {}

    /// `frames` interleaved samples from number `first` on.
    const std::vector<float>& make(std::int64_t first, std::size_t frames) {
        constexpr double kToneHz = 440, kTone = 0.1, kBeepHz = 1000, kBeep = 0.5;
        const auto channels = static_cast<std::size_t>(format_.channels);
        const int rate = format_.sampleRate;
        const auto beepLength = base::framesIn(TestPicture::kFlash, rate);
        samples_.resize(frames * channels);
        for (std::size_t i = 0; i < frames; ++i) {
            // Both notes have whole numbers of periods in a second, so the second is all that counts.
            const auto inSecond = (first + static_cast<std::int64_t>(i)) % rate;
            const double time = static_cast<double>(inSecond) / static_cast<double>(rate);
            const bool beep = inSecond < beepLength;
            const double value = (beep ? kBeep : kTone) * std::sin(2 * std::numbers::pi * (beep ? kBeepHz : kToneHz) * time);
            for (std::size_t c = 0; c < channels; ++c) samples_[i * channels + c] = static_cast<float>(value);
        }
        return samples_;
    }

private:
    const base::AudioFormat format_;
    std::vector<float> samples_;
};

}  // namespace livepusher::capture
