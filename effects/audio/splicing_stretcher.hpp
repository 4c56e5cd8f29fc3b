// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "effects/audio/splices.hpp"
#include "effects/effect.hpp"
#include "media/audio_format.hpp"

namespace livepusher::effects {

/// Plays the sound as it is, and as soon as that is 10 ms off the pace looks for a place where so much can be left out, or heard
/// once more, that nobody notices: where it is like itself, which is faded over in 20 ms. It waits for a better place the longer
/// the less it is off, and is never more than 28 ms off. Belongs to one thread.
class SplicingStretcher final : public TimeStretcher {
public:
    explicit SplicingStretcher(const base::AudioFormat& format);

    void process(std::span<const float> samples, double speed, std::vector<float>& out,
                 std::vector<StretchedPiece>& pieces) override;
    std::size_t delay() const override { return static_cast<std::size_t>(end() - at_); }

private:
    struct Output {
        std::vector<float>& samples;
        std::vector<StretchedPiece>& pieces;
        void tell(std::size_t frames, std::int64_t first);
    };

    std::int64_t end() const { return begin_ + static_cast<std::int64_t>(kept_.size() / channels_); }
    std::span<const float> frames(std::int64_t first, std::size_t count) const;
    void play(std::size_t count, double speed, Output& to);
    bool step(double speed, Output& to);
    bool splice(double speed, Output& to);
    void forget();

    const std::size_t channels_;
    const std::size_t fade_;      ///< frames of a cross-fade
    const std::size_t shortest_;  ///< frames that are left out, or heard once more, at least
    const std::size_t longest_;   ///< and at most
    const std::size_t due_;       ///< frames off, from which on a place is looked for
    const std::size_t pause_;     ///< frames until the next look
    SpliceFinder finder_;
    std::vector<float> kept_;   ///< what went in, from frame number begin_ on
    std::vector<float> faded_;  ///< a splice
    std::int64_t begin_ = 0;
    std::int64_t at_ = 0;  ///< the number of the frame that comes out next
    double off_ = 0;       ///< frames by which that should be later
};

}  // namespace livepusher::effects
