// SPDX-License-Identifier: MIT
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace tools {

/// Decodes a file from end to end and hands every frame over. Throws std::runtime_error with what failed.
class AvReader {
public:
    using OnFrame = std::function<void(const AVFrame&, double seconds)>;

    explicit AvReader(const std::string& path);
    void read(const OnFrame& onVideo, const OnFrame& onAudio);

private:
    struct Closer {
        void operator()(AVFormatContext* it) const { avformat_close_input(&it); }
        void operator()(AVCodecContext* it) const { avcodec_free_context(&it); }
        void operator()(AVFrame* it) const { av_frame_free(&it); }
        void operator()(AVPacket* it) const { av_packet_free(&it); }
    };
    struct Track {
        int stream = -1;
        std::unique_ptr<AVCodecContext, Closer> decoder;
    };

    void open(AVMediaType type, Track& track);
    void decode(Track& track, const AVPacket* packet, const OnFrame& onFrame);

    std::unique_ptr<AVFormatContext, Closer> format_;
    std::unique_ptr<AVFrame, Closer> frame_;
    std::unique_ptr<AVPacket, Closer> packet_;
    Track video_, audio_;
};

}  // namespace tools
