// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "effects/audio/processor.hpp"

namespace livepusher::effects::test {

inline constexpr std::array kFormats{AudioFormat{48000, 2}, AudioFormat{16000, 1}};
inline constexpr std::array kEveryFormat{AudioFormat{48000, 2}, AudioFormat{48000, 1}, AudioFormat{16000, 2},
                                         AudioFormat{16000, 1}};
inline constexpr std::array kVoices{1, 2, 3, 4, 6, 7, 8, 9, 10, 11};
inline constexpr std::array kReverbs{1, 2, 3, 4, 5, 6, 7};

std::string nameOf(const AudioFormat& format);

struct Sound {
    std::string name;
    std::function<std::unique_ptr<AudioProcessor>(const AudioFormat&)> make;
};

/// The cleaner with none, either and both at work, all voices, all reverbs.
std::vector<Sound> everySound();

}  // namespace livepusher::effects::test
