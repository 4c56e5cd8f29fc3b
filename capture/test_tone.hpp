// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <vector>

#include "capture/source.hpp"

namespace livepusher::capture {

/// The test sound: 440 Hz at -20 dBFS, and a louder 1 kHz beep at each full second, as long as the test picture's
/// flash, so that their offset can be measured. A pure function of the sample's number.
class TestTone {
public:
    explicit TestTone(const base::AudioFormat& format) : format_(format) {}

    /// `frames` interleaved samples from number `first` on.
    const std::vector<float>& make(std::int64_t first, std::size_t frames);

private:
    const base::AudioFormat format_;
    std::vector<float> samples_;
};

}  // namespace livepusher::capture
