// SPDX-License-Identifier: MIT
#include <cassert>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "effects/audio/splices.hpp"
#include "effects/effects.hpp"
#include "media/audio_format.hpp"

namespace livepusher::effects {
namespace {

class SplicingJoiner final : public SoundJoiner {
public:
    explicit SplicingJoiner(const base::AudioFormat& format)
        : channels_(static_cast<std::size_t>(format.channels)),
          length_(static_cast<std::size_t>(format.sampleRate / 50)),
          finder_(channels_, length_, length_ + 1),
          faded_(length_ * channels_) {}

    std::size_t length() const override { return length_; }
    std::size_t range() const override { return length_; }

    std::size_t join(std::span<const float> from, std::span<const float> into, std::vector<float>& out) override {
        assert(from.size() == length_ * channels_ && into.size() == 2 * length_ * channels_);
        const auto place = finder_.find(from, into, 0);
        crossFade(from, into.subspan(place.at * channels_, length_ * channels_), place.likeness, channels_, faded_);
        out.insert(out.end(), faded_.begin(), faded_.end());
        return place.at + length_;
    }

private:
    const std::size_t channels_, length_;
    SpliceFinder finder_;
    std::vector<float> faded_;
};

}  // namespace

std::unique_ptr<SoundJoiner> makeSoundJoiner(base::AudioFormat format) { return std::make_unique<SplicingJoiner>(format); }

}  // namespace livepusher::effects
