// SPDX-License-Identifier: MIT
#include "capture/test_tone.hpp"

#include <cmath>
#include <numbers>

#include "base/frame_time.hpp"
#include "capture/test_picture.hpp"

namespace livepusher::capture {

const std::vector<float>& TestTone::make(std::int64_t first, std::size_t frames) {
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

}  // namespace livepusher::capture
