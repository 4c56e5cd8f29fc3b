// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <memory>
#include <span>
#include <vector>

#include "effects/audio/processor.hpp"
#include "effects/audio/switched.hpp"

namespace livepusher::effects {

/// The microphone's way: noise suppression and gain control, voice changer, reverb, each switched as the properties say.
/// With all off samples go straight through; else they go in blocks of 10 ms. Belongs to the audio thread.
class VoicePath {
public:
    explicit VoicePath(const AudioFormat& format);

    /// As AudioChain::apply().
    void apply(std::span<const float> samples, const Properties& properties, std::vector<float>& out);
    std::size_t delay() const;  ///< frames
    bool idle() const { return cleaning_.idle() && voice_.idle() && reverb_.idle(); }

private:
    void follow(const Properties& properties);
    using Make = std::unique_ptr<AudioProcessor>(int type, const AudioFormat& format);
    void followType(Switched& place, int& present, int wanted, Make& make);
    void process(std::span<const float> block, std::vector<float>& out);

    const AudioFormat format_;
    Switched cleaning_, voice_, reverb_;
    Cleaner* cleaner_ = nullptr;  // at work in cleaning_
    int voiceType_ = 0, reverbType_ = 0;
    std::vector<float> block_;            // less than one block, still to go in
    std::vector<float> clean_, changed_;  // between two places
};

}  // namespace livepusher::effects
