// SPDX-License-Identifier: MIT
// One of the microphone's effects for sound in a pipe, as docs/audio/make.py draws them:
// render_sound RATE CHANNELS ans|agc|voice N|reverb N  <  raw native floats  >  the same, in step with what went in.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "effects/audio/processor.hpp"

namespace {

using namespace livepusher::effects;

std::unique_ptr<AudioProcessor> make(const std::string& what, int type, const AudioFormat& format) {
    if (what == "voice") return makeVoice(type, format);
    if (what == "reverb") return makeReverb(type, format);
    if (what != "ans" && what != "agc") return nullptr;
    auto cleaner = makeCleaner(format);
    cleaner->setNoiseSuppression(what == "ans");
    cleaner->setGainControl(what == "agc");
    return cleaner;
}

}  // namespace

int main(int count, char** arguments) {
    const AudioFormat format{count > 3 ? std::atoi(arguments[1]) : 0, count > 3 ? std::atoi(arguments[2]) : 0};
    const bool possible =
        (format.sampleRate == 16000 || format.sampleRate == 48000) && (format.channels == 1 || format.channels == 2);
    const auto processor = possible ? make(arguments[3], count > 4 ? std::atoi(arguments[4]) : 0, format) : nullptr;
    if (!processor) {
        std::cerr << "usage: render_sound 16000|48000 1|2 ans|agc|voice N|reverb N\n";
        return 1;
    }
    std::vector<float> block(format.blockSamples());
    const auto width = static_cast<std::size_t>(format.channels);
    std::size_t skip = processor->delay() * width, in = 0, out = 0;
    for (bool more = true; more || out < in;) {
        const auto got = more ? std::fread(block.data(), sizeof(float), block.size(), stdin) : 0;
        std::fill(block.begin() + static_cast<std::ptrdiff_t>(got), block.end(), 0.0F);
        in += got;
        more = got == block.size();
        processor->process(block);
        const auto from = std::min(skip, block.size()), size = std::min(block.size() - from, in - out);
        skip -= from;
        if (std::fwrite(block.data() + from, sizeof(float), size, stdout) != size) {
            std::cerr << "render_sound: what it writes isn't taken\n";
            return 1;
        }
        out += size;
    }
    return 0;
}
