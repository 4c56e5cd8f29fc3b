// SPDX-License-Identifier: MIT
#pragma once

#include "media_reader.hpp"
#include "partial_file.hpp"

#include <livepusher/media.hpp>

#include <map>
#include <memory>
#include <string>

namespace program {

/// Writes a video: frames as H.264 with the times they came with, sound as it is. Whole or not at all.
class VideoWriter {
public:
    /// Frames will be as `first`, decoded from `source`. Errors: FileFailed, VideoEncodeFailed; InvalidArgument when this kind
    /// of file can't take the sound.
    static livepusher::Result<std::unique_ptr<VideoWriter>> open(const std::string& path, const MediaReader& reader,
                                                                 const AVFrame& source, const livepusher::VideoFrame& first,
                                                                 bool overwrite);

    /// `source`: what the frame was decoded as: its time. Errors: as open().
    livepusher::Result<void> write(livepusher::VideoFrame frame, const AVFrame& source);
    livepusher::Result<void> write(PacketPtr sound);
    livepusher::Result<std::string> finish();  ///< the name that the file has got

private:
    /// The file, closed with it.
    struct Close {
        void operator()(AVFormatContext* output) const;
    };

    VideoWriter(std::string path, bool overwrite) : path_(std::move(path)), overwrite_(overwrite) {}
    livepusher::Result<void> start(const MediaReader& reader, const AVFrame& source, const livepusher::VideoFrame& first);
    livepusher::Result<void> openEncoder(const MediaReader& reader, const AVFrame& source, const livepusher::VideoFrame& first);
    livepusher::Result<void> addSound(const MediaReader& reader);
    livepusher::Result<void> takePackets();
    livepusher::Error failed(const std::string& why) const;
    livepusher::Error encoderFailed(int why) const;

    std::string path_;
    bool overwrite_;
    PartialFile file_;
    std::unique_ptr<AVFormatContext, Close> output_;
    CodecPtr encoder_;
    AVStream* video_ = nullptr;
    std::map<int, std::pair<AVRational, AVStream*>> sound_;  ///< by the number of the stream in the source
    std::map<std::int64_t, std::int64_t> durations_;         ///< of the frames in the encoder, by their times
};

}  // namespace program
