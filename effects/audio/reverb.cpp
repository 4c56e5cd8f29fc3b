// SPDX-License-Identifier: MIT
#include <vector>

#include "effects/audio/processor.hpp"
#include "effects/audio/reverb_room.hpp"
#include "effects/audio/series.hpp"
#include "effects/audio/voice_parts.hpp"

namespace livepusher::effects {
namespace {

using dsp::Biquad;

/// The rooms of types 1..7: RT60, damping, size, pre-delay, share; echoes; pipe.
constexpr Room kRooms[] = {
    {1.2, 0.25, 1.0, 22, 0.35, 130, 0.35},  // KTV
    {0.4, 0.45, 0.45, 4, 0.25},             // small room
    {2.8, 0.20, 1.6, 45, 0.40},             // great hall
    {0.8, 0.70, 0.9, 10, 0.18},             // deep
    {1.0, 0.20, 0.9, 15, 0.20},             // sonorous
    {0.6, 0.05, 0.12, 0, 0.50, 0, 0, 8},    // metallic
    {0.6, 0.40, 0.6, 8, 0.12},              // magnetic
};

/// A second voice at the same time, as of magnetic tape run twice: one wavering copy 24 ms behind.
std::unique_ptr<AudioProcessor> doubler(const AudioFormat& format) {
    const double rate = format.sampleRate;
    std::vector<voice::Chorus> channels;
    channels.reserve(static_cast<std::size_t>(format.channels));
    for (int c = 0; c < format.channels; ++c) {
        const auto middle = static_cast<float>((c == 0 ? 0.021 : 0.026) * rate);
        channels.push_back({dsp::DelayLine(static_cast<std::size_t>(0.06 * rate)), dsp::Lfo(rate, 0.6, 0.3 * c),
                            dsp::Lfo(rate, 0.9, 0.5 + 0.3 * c), middle, static_cast<float>(0.0012 * rate), 0.45F});
    }
    return std::make_unique<EachChannel<voice::Chorus>>(std::move(channels));
}

}  // namespace

std::unique_ptr<AudioProcessor> makeReverb(int audioReverbType, const AudioFormat& format) {
    if (audioReverbType < 1 || audioReverbType > 7) return nullptr;
    const double rate = format.sampleRate;
    auto series = std::make_unique<Series>();
    // The gains make speech as loud as it was.
    const auto tone = [&](const std::vector<Biquad>& filters, float gain) {
        series->add(std::make_unique<Tone>(filters, gain, format));
    };
    if (audioReverbType == 5) series->add(eachChannel(format, voice::Compressor{dsp::Envelope(rate, 0.01, 0.2)}));
    if (audioReverbType == 7) series->add(doubler(format));
    series->add(makeRoom(kRooms[audioReverbType - 1], format));
    if (audioReverbType == 4) tone({Biquad::lowShelf(rate, 250, 5), Biquad::highShelf(rate, 4000, -6)}, 0.68F);
    if (audioReverbType == 5) tone({Biquad::peak(rate, 3000, 4, 1)}, 1.48F);
    if (audioReverbType == 6) tone({}, 0.78F);
    if (audioReverbType == 7) tone({Biquad::peak(rate, 180, 4, 1)}, 0.65F);
    return series;
}

}  // namespace livepusher::effects
