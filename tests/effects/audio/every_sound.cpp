// SPDX-License-Identifier: MIT
#include "every_sound.hpp"

#include "effects/audio/processor.hpp"

namespace livepusher::effects::test {

std::string nameOf(const AudioFormat& format) {
    return std::to_string(format.sampleRate) + " Hz, " + (format.channels == 2 ? "stereo" : "mono");
}

std::vector<Sound> everySound() {
    std::vector<Sound> all;
    for (const bool noise : {false, true}) {
        for (const bool gain : {false, true}) {
            all.push_back(
                {std::string("cleaner") + (noise ? ", ANS" : "") + (gain ? ", AGC" : ""), [=](const AudioFormat& format) {
                     auto cleaner = makeCleaner(format);
                     cleaner->setNoiseSuppression(noise);
                     cleaner->setGainControl(gain);
                     return std::unique_ptr<AudioProcessor>(std::move(cleaner));
                 }});
        }
    }
    for (const int type : kVoices)
        all.push_back({"voice " + std::to_string(type), [=](const AudioFormat& f) { return makeVoice(type, f); }});
    for (const int type : kReverbs)
        all.push_back({"reverb " + std::to_string(type), [=](const AudioFormat& f) { return makeReverb(type, f); }});
    return all;
}

}  // namespace livepusher::effects::test
