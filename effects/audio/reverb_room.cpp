// SPDX-License-Identifier: MIT
#include "effects/audio/reverb_room.hpp"

#include <cmath>
#include <vector>

#include "effects/audio/dsp/biquad.hpp"
#include "effects/audio/dsp/combs.hpp"
#include "effects/audio/dsp/delay_line.hpp"
#include "effects/audio/reverb_tank.hpp"

namespace livepusher::effects {
namespace {

constexpr double kLowest = 60;  // Hz; what is below would only hum on in the combs

class RoomReverb final : public AudioProcessor {
public:
    RoomReverb(const Room& room, const AudioFormat& format)
        : channels_(static_cast<std::size_t>(format.channels)),
          preDelay_(frames(room.preDelayMs, format)),
          line_(preDelay_),
          echo_(std::max<std::size_t>(frames(room.echoMs, format), 1), static_cast<float>(room.echo), 0.3F),
          echoes_(room.echo > 0),
          highPass_(dsp::Biquad::highPass(format.sampleRate, kLowest)),
          in_(format.blockFrames()),
          out_(format.blockFrames()) {
        const double dry = 1 - room.wet, loud = std::sqrt(dry * dry + room.wet * room.wet);
        dry_ = static_cast<float>(dry / loud);
        wet_ = static_cast<float>(room.wet / loud);
        for (int c = 0; c < format.channels; ++c) tanks_.emplace_back(room, format.sampleRate, c);
    }

    std::size_t delay() const override { return 0; }

    void process(std::span<float> block) override {
        for (std::size_t i = 0; i < in_.size(); ++i) {
            float sum = 0;
            for (std::size_t c = 0; c < channels_; ++c) sum += block[i * channels_ + c];
            line_.push(highPass_(sum / static_cast<float>(channels_)));
            in_[i] = line_.at(preDelay_);
            if (echoes_) in_[i] = echo_.ringing(in_[i]);
        }
        for (std::size_t c = 0; c < channels_; ++c) {
            tanks_[c].process(in_, out_);
            for (std::size_t i = 0; i < out_.size(); ++i) {
                auto& sample = block[i * channels_ + c];
                sample = dry_ * sample + wet_ * out_[i];
            }
        }
    }

private:
    static std::size_t frames(double ms, const AudioFormat& format) {
        return static_cast<std::size_t>(std::lround(ms / 1000 * format.sampleRate));
    }

    const std::size_t channels_, preDelay_;
    dsp::DelayLine line_;
    dsp::Comb echo_;
    bool echoes_;
    dsp::Biquad highPass_;
    std::vector<ReverbTank> tanks_;
    std::vector<float> in_, out_;
    float dry_, wet_;
};

}  // namespace

std::unique_ptr<AudioProcessor> makeRoom(const Room& room, const AudioFormat& format) {
    return std::make_unique<RoomReverb>(room, format);
}

}  // namespace livepusher::effects
