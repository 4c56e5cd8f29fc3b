// SPDX-License-Identifier: MIT
#include "effects/audio/voice_path.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::effects {

VoicePath::VoicePath(const AudioFormat& format) : format_(format), cleaning_(format), voice_(format), reverb_(format) {
    block_.reserve(format.blockSamples());
}

void VoicePath::followType(Switched& place, int& present, int wanted, Make& make) {
    if (wanted == present || place.changing()) return;  // a change goes to its end first
    place.select(wanted == 0 ? nullptr : make(wanted, format_));
    present = wanted;
}

void VoicePath::follow(const Properties& properties) {
    const bool clean = properties.enableAns || properties.enableAgc;
    const auto adjust = [&] {
        if (!cleaner_ || !clean) return;  // on its way out it stays as it was
        cleaner_->setNoiseSuppression(properties.enableAns);
        cleaner_->setGainControl(properties.enableAgc);
    };
    if (clean != (cleaner_ != nullptr) && !cleaning_.changing()) {
        auto made = clean ? makeCleaner(format_) : nullptr;
        cleaner_ = made.get();
        adjust();  // before it hears what went before
        cleaning_.select(std::move(made));
    }
    adjust();
    followType(voice_, voiceType_, properties.voiceChangerType, makeVoice);
    followType(reverb_, reverbType_, properties.audioReverbType, makeReverb);
}

void VoicePath::apply(std::span<const float> samples, const Properties& properties, std::vector<float>& out) {
    follow(properties);
    if (idle()) {
        for (auto* place : {&cleaning_, &voice_, &reverb_}) {
            if (!block_.empty()) place->note(block_);
            place->note(samples);
        }
        out.insert(out.end(), block_.begin(), block_.end());
        out.insert(out.end(), samples.begin(), samples.end());
        return block_.clear();
    }
    const auto whole = format_.blockSamples();
    while (!samples.empty()) {
        const auto part = std::min(samples.size(), whole - block_.size());
        block_.insert(block_.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(part));
        samples = samples.subspan(part);
        if (block_.size() < whole) return;
        process(block_, out);
        block_.clear();
    }
}

void VoicePath::process(std::span<const float> block, std::vector<float>& out) {
    clean_.clear();
    cleaning_.process(block, clean_);
    changed_.clear();
    for (std::span<const float> rest = clean_; !rest.empty(); rest = rest.subspan(block.size()))
        voice_.process(rest.first(block.size()), changed_);
    for (std::span<const float> rest = changed_; !rest.empty(); rest = rest.subspan(block.size()))
        reverb_.process(rest.first(block.size()), out);
}

std::size_t VoicePath::delay() const {
    return block_.size() / static_cast<std::size_t>(format_.channels) + cleaning_.delay() + voice_.delay() + reverb_.delay();
}

}  // namespace livepusher::effects
