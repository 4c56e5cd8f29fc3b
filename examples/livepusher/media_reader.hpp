// SPDX-License-Identifier: MIT
#pragma once

#include "pixels.hpp"

#include <memory>
#include <string>
#include <vector>

namespace program {

/// Reads a picture or a video: its frames decoded, its sound as it is.
class MediaReader {
public:
    /// One frame, or one packet of sound; neither: the end.
    struct Item {
        FramePtr frame;  ///< with its time in `pts`, of video().time_base, rising from frame to frame
        PacketPtr sound;
    };

    /// Errors: SourceFailed, with the file's name.
    static livepusher::Result<std::unique_ptr<MediaReader>> open(const std::string& path);

    livepusher::Result<Item> next();  ///< errors: SourceFailed, with the file's name

    bool isPicture() const;                                         ///< a still one
    const AVStream& video() const { return *video_; }               ///< the one that is decoded
    const std::vector<AVStream*>& sound() const { return sound_; }  ///< those whose packets come
    bool leavesOut() const { return leavesOut_; }                   ///< whether there is more: subtitles, another picture
    const AVFormatContext& format() const { return *input_; }
    AVRational frameRate() const;           ///< 0/1: not known
    double duration() const;                ///< s; 0: not known
    Turn turn(const AVFrame& frame);        ///< what the frame needs to stand upright
    int broken() const { return broken_; }  ///< packets of the video that could not be decoded
    const std::string& path() const { return path_; }

private:
    explicit MediaReader(std::string path) : path_(std::move(path)) {}
    livepusher::Result<void> openInput();
    livepusher::Result<void> openDecoder(const AVCodec* codec);
    livepusher::Error failed(const std::string& why) const;
    void giveTime(AVFrame& frame);

    std::string path_;
    FormatPtr input_;
    CodecPtr decoder_;
    AVStream* video_ = nullptr;
    std::vector<AVStream*> sound_;
    bool leavesOut_ = false;
    bool drained_ = false;
    int broken_ = 0;
    std::int64_t last_ = AV_NOPTS_VALUE;
    std::int64_t lastDuration_ = 0;
};

}  // namespace program
