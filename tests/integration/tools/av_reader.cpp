// SPDX-License-Identifier: MIT
#include "av_reader.hpp"

#include <stdexcept>

namespace tools {
namespace {

void must(int result, const std::string& what) {
    if (result >= 0) return;
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(result, text.data(), text.size());
    throw std::runtime_error(what + ": " + text.data());
}

}  // namespace

AvReader::AvReader(const std::string& path) : frame_(av_frame_alloc()), packet_(av_packet_alloc()) {
    AVFormatContext* format = nullptr;
    must(avformat_open_input(&format, path.c_str(), nullptr, nullptr), path);
    format_.reset(format);
    must(avformat_find_stream_info(format, nullptr), path);
    open(AVMEDIA_TYPE_VIDEO, video_);
    open(AVMEDIA_TYPE_AUDIO, audio_);
}

void AvReader::open(AVMediaType type, Track& track) {
    const AVCodec* codec = nullptr;
    track.stream = av_find_best_stream(format_.get(), type, -1, -1, &codec, 0);
    if (track.stream < 0) return;
    track.decoder.reset(avcodec_alloc_context3(codec));
    must(avcodec_parameters_to_context(track.decoder.get(), format_->streams[track.stream]->codecpar), "decoder's parameters");
    must(avcodec_open2(track.decoder.get(), codec, nullptr), "opening the decoder");
}

void AvReader::decode(Track& track, const AVPacket* packet, const OnFrame& onFrame) {
    must(avcodec_send_packet(track.decoder.get(), packet), "decoding");
    const double unit = av_q2d(format_->streams[track.stream]->time_base);
    for (;;) {
        const int result = avcodec_receive_frame(track.decoder.get(), frame_.get());
        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
        must(result, "decoding");
        onFrame(*frame_, static_cast<double>(frame_->best_effort_timestamp) * unit);
    }
}

void AvReader::read(const OnFrame& onVideo, const OnFrame& onAudio) {
    for (;;) {
        const int result = av_read_frame(format_.get(), packet_.get());
        if (result == AVERROR_EOF) break;
        must(result, "reading");
        if (packet_->stream_index == video_.stream) decode(video_, packet_.get(), onVideo);
        if (packet_->stream_index == audio_.stream) decode(audio_, packet_.get(), onAudio);
        av_packet_unref(packet_.get());
    }
    if (video_.decoder) decode(video_, nullptr, onVideo);
    if (audio_.decoder) decode(audio_, nullptr, onAudio);
}

}  // namespace tools
