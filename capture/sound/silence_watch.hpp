// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace livepusher::capture {

/// Tells when a microphone has given nothing, or digital zeros only, for a while: once, until it gives something again.
/// Pure: time comes by hand.
class SilenceWatch {
public:
    static constexpr Timestamp kPatience{3'000'000};

    /// It was opened: the patience begins.
    void begin(Timestamp at) {
        since_ = at;
        silent_ = false;
    }

    /// A block came, one sample of which is not zero. True: it had been told to be silent.
    bool hear(Timestamp at) {
        since_ = at;
        return std::exchange(silent_, false);
    }

    /// To be asked again and again. True: it is silent now.
    bool look(Timestamp at) { return at - since_ >= kPatience && !std::exchange(silent_, true); }

    /// Whether that is more than zeros: a sixteen-bit sample's least bit is 300 times as much.
    static bool sounds(const float* samples, std::size_t count) {
        return std::any_of(samples, samples + count, [](float sample) { return sample > 1e-7F || sample < -1e-7F; });
    }

private:
    Timestamp since_{};
    bool silent_ = false;
};

}  // namespace livepusher::capture
