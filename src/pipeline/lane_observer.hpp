// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

namespace livepusher::pipeline {

/// Hears what happens in a lane: to its source, on the source's thread or the lane's, and to its encoder, on the lane's.
class LaneObserver {
public:
    /// The source is open. `description` empty: it is waited for, and code() tells when it has come.
    virtual void opened(std::string /*description*/) {}
    virtual void code(Code /*code*/, std::string /*what*/) {}  ///< as SourceObserver::code()
    virtual void firstFrame() {}                               ///< of pictures
    virtual void ended() {}                                    ///< the source has come to its end
    virtual void sourceFailed(Error /*why*/) {}                ///< it could not be opened, or has broken off
    virtual void encoderStarted(std::string /*what*/) {}       ///< what Code::EncoderStarted tells
    virtual void encoderRestarted(Error /*why*/) {}            ///< a frame failed, the encoder begins again
    virtual void encoderFailed(Error /*why*/) {}               ///< nothing comes out any more; at most once

protected:
    ~LaneObserver() = default;
};

}  // namespace livepusher::pipeline
