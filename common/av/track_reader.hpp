// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <optional>
#include <string>

#include "av/demuxer.hpp"
#include "av/track_decoder.hpp"

namespace livepusher::capture {

/// From a file's packets to the decoded frames of one track, step by step. Belongs to one thread.
class TrackReader {
public:
    Result<void> open(Demuxer& demuxer, Track track, std::string name);
    /// One frame, or one packet's worth of work towards it. Failed: see error().
    Step step(Demuxer& demuxer);
    /// After Demuxer::rewind(), seek() or open().
    void restart();
    AVFrame& frame() { return *frame_; }
    const Error& error() const { return error_; }
    /// The frame's own time, in µs; empty when the file doesn't tell.
    std::optional<Timestamp> time(const Demuxer& demuxer) const;

private:
    Track track_ = Track::Video;
    std::string name_;
    std::optional<TrackDecoder> decoder_;
    FramePtr frame_;
    Error error_;
    bool draining_ = false;
};

}  // namespace livepusher::capture
