// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <string>

#include "av/frame_converter.hpp"
#include "capture/file/catch_up.hpp"
#include "capture/file/picture_times.hpp"
#include "capture/file/track_player.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

/// Plays a file's or a stream's pictures: decodes one ahead and delivers each at its moment. What can't be decoded in time
/// is left out; the sound never waits for it. Used by one thread at a time.
class PictureTrack : TrackPlayer {
public:
    PictureTrack(std::string name, PacketBuffer& buffer, MediaClock& clock, bool live, bool deinterlace);

    /// Until cancelled, ended or failed; false: cancelled. What ends before `from` isn't shown. [picture]
    bool run(SinkGate<VideoSource::Sink>& gate, Timestamp from);

    /// Whether pictures of that stream can be taken. Errors: SourceFailed, with the reason.
    static Result<void> check(const StreamInfo& stream, const std::string& name);

private:
    Decoding::Outcome fill(Timestamp from);
    Timestamp lateBy() const;
    bool keepsUp();
    void place(Timestamp at, VideoFrame& frame);
    void deliver(SinkGate<VideoSource::Sink>& gate, Timestamp moment);
    void tellStream(SinkGate<VideoSource::Sink>& gate);

    CatchUp catchUp_;
    PictureTimes times_;
    FrameConverter converter_;
    VideoFrame pending_;
    Timestamp began_{};  ///< the moment at which its stream was shown first
    VideoSourceFormat format_;
};

}  // namespace livepusher::capture
