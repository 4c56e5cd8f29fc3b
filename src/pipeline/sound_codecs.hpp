// SPDX-License-Identifier: MIT
#pragma once

#include "properties/targets.hpp"

#include <algorithm>
#include <vector>

namespace livepusher::pipeline {

/// What the sound of a push has to be encoded as. Belongs to the control thread.
class SoundCodecs {
public:
    /// `recorded`: a recording gets the push's own.
    explicit SoundCodecs(bool recorded) : recorded_(recorded) {}

    void begin() { aacToo_ = false; }    ///< a push begins
    void fallBack() { aacToo_ = true; }  ///< a server does not take what its target was to have
    std::vector<AudioCodec> wanted(const Properties& properties) const {
        auto codecs = properties::soundCodecs(properties, recorded_ || properties.replaySeconds > 0);
        if (aacToo_ && std::ranges::find(codecs, AudioCodec::aac) == codecs.end()) codecs.push_back(AudioCodec::aac);
        return codecs;
    }

private:
    const bool recorded_;
    bool aacToo_ = false;
};

}  // namespace livepusher::pipeline
