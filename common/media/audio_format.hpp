// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace livepusher::base {

/// Interleaved float samples, -1..1; where they are worked on, in blocks of 10 ms.
struct AudioFormat {
    int sampleRate = 48000;  ///< Hz; in a pushed stream a multiple of 100
    int channels = 2;        ///< in a pushed stream 1 or 2
    bool operator==(const AudioFormat&) const = default;
    std::size_t blockFrames() const { return static_cast<std::size_t>(sampleRate / 100); }
    std::size_t blockSamples() const { return blockFrames() * static_cast<std::size_t>(channels); }
};

}  // namespace livepusher::base
