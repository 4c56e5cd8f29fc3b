// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <memory>
#include <optional>
#include <string>

#include "av/deinterlacer.hpp"
#include "av/track_decoder.hpp"
#include "capture/file/packet_buffer.hpp"

namespace livepusher::capture {

/// One track's items from the buffer to decoded frames, over all that can happen between them. Belongs to the track's
/// thread, and goes on where it was when another thread takes over after a stop.
class Decoding {
public:
    enum class Outcome { Frame, Cancelled, Ended, Failed };

    /// `deinterlace`: of pictures.
    Decoding(Track track, std::string name, bool deinterlace = false);

    /// Waits for the next frame.
    Outcome next(PacketBuffer& buffer);
    AVFrame& frame() { return *frame_; }
    const StreamInfo& stream() const { return *stream_; }
    const Error& error() const { return error_; }
    /// The frame's time in media time; empty: not known.
    std::optional<Timestamp> time() const;
    Timestamp duration() const;
    base::Orientation orientation() const { return turned_; }  ///< of a picture: what it needs
    /// Whether the frame is the first of another stream, and whether that came back after a loss. Once.
    bool takeNew() { return std::exchange(new_, false); }
    bool takeReturned() { return std::exchange(returned_, false); }
    /// Whether the frame's packets had to be waited for, and when the last of them came.
    bool starved() const { return starved_; }
    Timestamp came() const { return came_; }
    /// Pictures that no other needs may be left out.
    void hurry(bool on);

private:
    std::optional<Outcome> take(MediaItem item);
    std::optional<Outcome> drained();
    std::optional<Outcome> fail(Error error);
    bool takePicture();

    const Track track_;
    const std::string name_;
    std::optional<TrackDecoder> decoder_;
    std::shared_ptr<const StreamInfo> stream_;
    FramePtr frame_;
    Deinterlacer deinterlacer_;
    OrientationTracker orientation_;
    base::Orientation turned_{};
    std::optional<MediaItem> waiting_;  ///< what follows when the decoder is empty
    Timestamp came_{};
    Error error_;
    bool new_ = false, returned_ = false, starved_ = false, hurry_ = false;
    bool any_ = false;      ///< a frame has come out
    bool packets_ = false;  ///< a packet has gone in
};

}  // namespace livepusher::capture
