// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "effects/audio/processor.hpp"
#include "effects/effect.hpp"

struct SwrContext;

namespace livepusher::effects {

/// Slow resampling, through libswresample. Until the first correction it passes everything on as it is, to the bit and without
/// delay; from then on it resamples, and the splice neither loses nor doubles a sample. Belongs to the audio thread.
class RateMatcher final : public ClockMatcher {
public:
    static constexpr double kMaxPpm = 1000;

    explicit RateMatcher(const AudioFormat& format);
    ~RateMatcher() override;

    /// Whole millionths count. Allocates nothing but what `out` needs.
    void process(std::span<const float> interleaved, double ppm, std::vector<float>& out) override;
    /// Frames that what comes next lies behind what goes in next: 0 before the first correction, then about 16.
    std::size_t delay() const override;
    bool resamples() const { return begun_; }

private:
    struct Deleter {
        void operator()(SwrContext* context) const;
    };
    void begin();
    void remember(std::span<const float> interleaved);
    void run(std::span<const float> interleaved, std::vector<float>& out);

    const std::size_t channels_;
    const int sampleRate_;
    std::unique_ptr<SwrContext, Deleter> context_;
    bool begun_ = false;
    long ppm_ = 0;
    std::vector<float> history_;  ///< the last that was passed on
    std::vector<float> early_;    ///< what comes out of that: has been heard
    std::size_t in_ = 0;          ///< frames that have gone into context_ before the first correction
    std::size_t out_ = 0;         ///< and have come out
    std::size_t skip_ = 0;        ///< frames still to come out of the history
};

}  // namespace livepusher::effects
