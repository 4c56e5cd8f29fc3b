// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

#include "av/av.hpp"

namespace livepusher::capture {

/// Where decoding stands after one step.
enum class Step {
    Ready,  ///< something is there to be delivered
    Again,  ///< some work was done; call again
    Ended,  ///< nothing more until a rewind
    Failed,
};

/// The decoder of one track, with patience for damaged packets. Belongs to one thread.
class TrackDecoder {
public:
    /// `name` is for messages. Errors: SourceFailed.
    static Result<TrackDecoder> open(const AVStream& stream, std::string name);
    /// Of packets whose times count in `timeBase`.
    static Result<TrackDecoder> open(const AVCodecParameters& parameters, AVRational timeBase, std::string name);

    /// Takes a packet, or null for the end of the stream.
    Result<void> send(const AVPacket* packet);
    /// Ready and a frame; Again: it wants a packet; Ended.
    Step receive(AVFrame& frame);
    void flush();
    /// Pictures that no other needs are left out while this is on.
    void hurry(bool on) { codec_->skip_frame = on ? AVDISCARD_NONREF : AVDISCARD_DEFAULT; }

    const AVCodecContext& context() const { return *codec_; }

private:
    TrackDecoder(CodecPtr codec, std::string name) : codec_(std::move(codec)), name_(std::move(name)) {}

    CodecPtr codec_;
    std::string name_;
    int bad_ = 0;       ///< damaged packets since the last good frame
    bool any_ = false;  ///< a frame has come
};

}  // namespace livepusher::capture
