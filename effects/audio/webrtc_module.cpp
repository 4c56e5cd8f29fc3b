// SPDX-License-Identifier: MIT
#include "effects/audio/webrtc_module.hpp"

#include <webrtc/modules/audio_processing/include/audio_processing.h>

#include <cassert>

// webrtc::Config knows an option by the address of a variable in a template, which has to be one variable in the library
// and in here. With hidden visibility, or inside a shared library that shows only its own names, it would be another,
// and the option would be lost without a word: so the library's own is named here.
extern "C" char webrtcExperimentalAgcId __asm__("_ZZN6webrtc6Config10identifierINS_15ExperimentalAgcEEEPvvE14id_placeholder");
template <>
void* webrtc::Config::identifier<webrtc::ExperimentalAgc>() {
    return &webrtcExperimentalAgcId;
}

namespace livepusher::effects {
namespace {

// The level below which the gain control aims its peaks, and how far it may raise them.
constexpr int kTargetDbfs = 3;
constexpr int kGainDb = 18;

std::unique_ptr<webrtc::AudioProcessing> create() {
    webrtc::Config config;
    // The newer gain control is for a microphone whose own volume it turns, and takes no target and no gain.
    config.Set<webrtc::ExperimentalAgc>(new webrtc::ExperimentalAgc(false));
    return std::unique_ptr<webrtc::AudioProcessing>(webrtc::AudioProcessing::Create(config));
}

}  // namespace

struct WebrtcModule::State {
    std::unique_ptr<webrtc::AudioProcessing> processing = create();
    webrtc::StreamConfig stream;
};

WebrtcModule::WebrtcModule(Part part, int sampleRate) : state_(std::make_unique<State>()) {
    auto& processing = *state_->processing;
    const auto& stream = state_->stream = webrtc::StreamConfig(sampleRate, 1);
    [[maybe_unused]] int wrong = processing.Initialize({{stream, stream, stream, stream}});
    if (part == Part::NoiseSuppression) {
        wrong |= processing.noise_suppression()->set_level(webrtc::NoiseSuppression::kModerate);
        wrong |= processing.noise_suppression()->Enable(true);
    } else {
        auto& gain = *processing.gain_control();
        wrong |= gain.set_mode(webrtc::GainControl::kAdaptiveDigital);
        wrong |= gain.set_target_level_dbfs(kTargetDbfs);
        wrong |= gain.set_compression_gain_db(kGainDb);
        wrong |= gain.enable_limiter(true);
        wrong |= gain.Enable(true);
    }
    assert(wrong == 0);
}

WebrtcModule::~WebrtcModule() = default;

void WebrtcModule::process(std::span<float> block) {
    float* channel = block.data();
    [[maybe_unused]] const int wrong = state_->processing->ProcessStream(&channel, state_->stream, state_->stream, &channel);
    assert(wrong == 0);
}

// Measured by correlation: 6 ms of overlapping spectra, and at 48 kHz the filters that part the sound in three bands.
int WebrtcModule::noiseSuppressionDelay(int sampleRate) { return sampleRate == 48000 ? 334 : 96; }

}  // namespace livepusher::effects
