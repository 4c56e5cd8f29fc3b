// SPDX-License-Identifier: MIT
#include <cassert>

#include "effects/audio/dsp/denormals.hpp"
#include "effects/audio/gain_control.hpp"
#include "effects/audio/noise_suppressor.hpp"
#include "effects/audio/processor.hpp"

namespace livepusher::effects {
namespace {

class WebrtcCleaner final : public Cleaner {
public:
    explicit WebrtcCleaner(const AudioFormat& format) : noise_(format), gain_(format) {}

    void setNoiseSuppression(bool on) override { noise_.set(on); }
    void setGainControl(bool on) override { gain_.set(on); }
    std::size_t delay() const override { return noise_.delay() + gain_.delay(); }
    void process(std::span<float> block) override {
        const dsp::NoDenormals guard;
        noise_.process(block);
        gain_.process(block);
    }

private:
    NoiseSuppressor noise_;
    GainControl gain_;
};

}  // namespace

std::unique_ptr<Cleaner> makeCleaner(const AudioFormat& format) {
    assert(format.sampleRate == 16000 || format.sampleRate == 48000);
    return std::make_unique<WebrtcCleaner>(format);
}

}  // namespace livepusher::effects
