// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"
#include "encode/guarded_encoder.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace livepusher::encode {

/// What is known of a machine's hardware encoders of one codec.
struct FoundHardware {
    std::vector<std::string> working;  ///< names, the preferred one first
    std::string problem;               ///< why there is none, for people; empty: not known yet, or there is one
};

/// Where a ladder has its encoders from; tests put fakes here.
class LadderEncoders {
public:
    /// Waits for the trial so long at most.
    virtual FoundHardware find(VideoCodec codec, std::chrono::milliseconds wait) = 0;
    virtual std::unique_ptr<VideoEncoder> hardware(const std::string& name) = 0;
    virtual std::unique_ptr<VideoEncoder> software(VideoCodec codec) = 0;

protected:
    ~LadderEncoders() = default;
};

/// The encoder of a push: hardware where it is wanted and works, else software, and from one to the other where it has to
/// be. Hardware is given up for the rest of the push when it can't be opened, when two frames fail within 10 s, and at once
/// when it hangs or puts out nonsense; the frame's error is encode()'s, and the next open() goes on with what is left.
/// `encoders` must outlive it.
std::unique_ptr<VideoEncoder> makeLadder(VideoEncoderChoice choice, LadderEncoders& encoders, GuardLimits limits = {});

/// With this machine's encoders.
std::unique_ptr<VideoEncoder> makeVideoEncoder(VideoEncoderChoice choice);

}  // namespace livepusher::encode
