// SPDX-License-Identifier: MIT
#include "media_reader.hpp"

#include "errors.hpp"
#include "secrets.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <string_view>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace program {

using livepusher::Code;
using livepusher::Error;
using livepusher::Result;

namespace {
const std::int32_t* matrixIn(const void* data, std::size_t size) {
    return size >= 9 * sizeof(std::int32_t) ? static_cast<const std::int32_t*>(data) : nullptr;
}
}  // namespace

Error MediaReader::failed(const std::string& why) const { return {Code::SourceFailed, scrub(path_) + ": " + why}; }

Result<std::unique_ptr<MediaReader>> MediaReader::open(const std::string& path) {
    std::unique_ptr<MediaReader> reader(new MediaReader(path));
    struct stat there {};
    if (stat(path.c_str(), &there) != 0) return reader->failed(readProblem());
    if (S_ISDIR(there.st_mode)) return reader->failed("is a directory, not a picture or video");
    if (auto loaded = loadAvformat(); !loaded) return loaded.error();
    if (auto opened = reader->openInput(); !opened) return opened.error();
    return reader;
}

Result<void> MediaReader::openInput() {
    AVDictionary* options = nullptr;
    av_dict_set(&options, "pattern_type", "none", 0);  // a % in a picture's name is part of its name
    AVFormatContext* input = nullptr;
    int result = avformat().avformat_open_input(&input, ("file:" + path_).c_str(), nullptr, &options);
    av_dict_free(&options);
    if (result < 0) return failed(result == AVERROR_INVALIDDATA ? "is not a picture or video that can be read" : avText(result));
    input_.reset(input);
    result = avformat().avformat_find_stream_info(input, nullptr);
    if (result < 0) return failed(avText(result));

    const AVCodec* codec = nullptr;
    const int best = avformat().av_find_best_stream(input, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    if (best == AVERROR_DECODER_NOT_FOUND) return failed("there is no decoder for its picture");
    if (best < 0) return failed("has no picture");
    for (unsigned i = 0; i < input->nb_streams; ++i) {
        AVStream* stream = input->streams[i];
        const bool cover = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        if (static_cast<int>(i) == best) {
            if (cover) return failed("has no picture but that of its cover");
            video_ = stream;
        } else if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
            sound_.push_back(stream);
        } else {
            stream->discard = AVDISCARD_ALL;
            leavesOut_ = leavesOut_ || !cover;
        }
    }
    return openDecoder(codec);
}

Result<void> MediaReader::openDecoder(const AVCodec* codec) {
    decoder_.reset(avcodec_alloc_context3(codec));
    if (!decoder_) return failed("out of memory");
    avcodec_parameters_to_context(decoder_.get(), video_->codecpar);
    decoder_->pkt_timebase = video_->time_base;
    decoder_->thread_count = 0;  // as many as there are cores
    if (const int result = avcodec_open2(decoder_.get(), codec, nullptr); result < 0) return failed(avText(result));
    return {};
}

Result<MediaReader::Item> MediaReader::next() {
    for (;;) {
        FramePtr frame(av_frame_alloc());
        if (!frame) return failed("out of memory");
        const int got = avcodec_receive_frame(decoder_.get(), frame.get());
        if (got == 0) {
            frame->sample_aspect_ratio = avformat().av_guess_sample_aspect_ratio(input_.get(), video_, frame.get());
            giveTime(*frame);
            return Item{std::move(frame), nullptr};
        }
        if (got == AVERROR_EOF) return Item{};
        if (got != AVERROR(EAGAIN)) ++broken_;
        if (drained_) return Item{};

        PacketPtr packet(av_packet_alloc());
        if (!packet) return failed("out of memory");
        const int read = avformat().av_read_frame(input_.get(), packet.get());
        if (read == AVERROR_EOF) {
            drained_ = true;
            avcodec_send_packet(decoder_.get(), nullptr);
            continue;
        }
        if (read < 0) return failed("broke off: " + avText(read));
        if (packet->stream_index == video_->index) {
            if (avcodec_send_packet(decoder_.get(), packet.get()) < 0) ++broken_;
        } else if (input_->streams[packet->stream_index]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
            return Item{nullptr, std::move(packet)};
        }
    }
}

/// A time for each, later than that of the frame before: some files lack times or repeat them.
void MediaReader::giveTime(AVFrame& frame) {
    const auto rate = frameRate();
    if (frame.pkt_duration <= 0 && rate.num > 0) frame.pkt_duration = av_rescale_q(1, av_inv_q(rate), video_->time_base);
    frame.pts = frame.best_effort_timestamp;
    if (frame.pts == AV_NOPTS_VALUE) frame.pts = last_ == AV_NOPTS_VALUE ? 0 : last_ + std::max<std::int64_t>(lastDuration_, 1);
    if (last_ != AV_NOPTS_VALUE && frame.pts <= last_) frame.pts = last_ + 1;
    last_ = frame.pts;
    lastDuration_ = frame.pkt_duration;
}

bool MediaReader::isPicture() const {
    const std::string_view name = input_->iformat->name;
    return name.ends_with("_pipe") || name == "image2";
}

AVRational MediaReader::frameRate() const { return avformat().av_guess_frame_rate(input_.get(), video_, nullptr); }

double MediaReader::duration() const {
    if (video_->duration > 0) return static_cast<double>(video_->duration) * av_q2d(video_->time_base);
    return input_->duration > 0 ? static_cast<double>(input_->duration) / AV_TIME_BASE : 0;
}

Turn MediaReader::turn(const AVFrame& frame) {
    if (const auto* own = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX))
        return turnOf(matrixIn(own->data, own->size));
    std::size_t size = 0;
    const auto* data = avformat().av_stream_get_side_data(video_, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return turnOf(data != nullptr ? matrixIn(data, size) : nullptr);
}

}  // namespace program
