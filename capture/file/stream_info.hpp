// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <memory>
#include <string>

#include "av/av.hpp"
#include "av/orientation.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

struct AvParametersDeleter {
    void operator()(AVCodecParameters* parameters) const { avcodec_parameters_free(&parameters); }
};

/// What a demuxer knows of one track, to be used on another thread than the demuxer's: all is copied.
struct StreamInfo {
    explicit StreamInfo(const AVStream& stream);

    std::unique_ptr<AVCodecParameters, AvParametersDeleter> parameters;
    double averageRate = 0, baseRate = 0;  ///< pictures a second; 0: not known
    AVRational sampleAspect{0, 1};
    OrientationTracker orientation;  ///< to begin with; of pictures
    bool still = false;              ///< one picture, as the cover of a piece of music

    /// How long a picture, or a packet of sound, is as a rule.
    Timestamp usualDuration() const;
    /// `name` is for the description.
    VideoSourceFormat format(const std::string& name) const;
};

}  // namespace livepusher::capture
