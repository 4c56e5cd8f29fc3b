// SPDX-License-Identifier: MIT
#include "video_writer.hpp"

#include "output_kind.hpp"

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace program {

using livepusher::Code;
using livepusher::Error;
using livepusher::Result;
using livepusher::VideoFrame;

namespace {

const char* formatName(OutputKind kind) {
    return kind == OutputKind::Mp4 ? "mp4" : kind == OutputKind::Matroska ? "matroska" : "flv";
}

/// What the source says of its colours, as far as the frame still has them so.
void tellColours(AVCodecContext& encoder, const AVFrame& source, const VideoFrame& frame) {
    encoder.color_range = AVCOL_RANGE_MPEG;
    encoder.color_primaries = source.color_primaries;
    encoder.color_trc = source.color_trc;
    encoder.chroma_sample_location = source.chroma_location;
    const auto matrix = source.colorspace;
    const bool kept = frame.bt709 ? matrix == AVCOL_SPC_BT709
                                  : matrix == AVCOL_SPC_BT470BG || matrix == AVCOL_SPC_SMPTE170M || matrix == AVCOL_SPC_FCC;
    const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(source.format));
    const bool rgb = format != nullptr && (format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
    encoder.colorspace = kept || (matrix == AVCOL_SPC_UNSPECIFIED && !rgb) ? matrix
                         : frame.bt709                                     ? AVCOL_SPC_BT709
                                                                           : AVCOL_SPC_SMPTE170M;
}

}  // namespace

void VideoWriter::Close::operator()(AVFormatContext* output) const {
    if (output->pb != nullptr) avformat().avio_closep(&output->pb);
    avformat().avformat_free_context(output);
}

Error VideoWriter::failed(const std::string& why) const { return {Code::FileFailed, "can't write " + path_ + ": " + why}; }
Error VideoWriter::encoderFailed(int why) const {
    return {Code::VideoEncodeFailed, path_ + ": H.264 encoder: " + avText(why), why};
}

Result<std::unique_ptr<VideoWriter>> VideoWriter::open(const std::string& path, const MediaReader& reader, const AVFrame& source,
                                                       const VideoFrame& first, bool overwrite) {
    std::unique_ptr<VideoWriter> writer(new VideoWriter(path, overwrite));
    if (auto started = writer->start(reader, source, first); !started) return started.error();
    return writer;
}

Result<void> VideoWriter::start(const MediaReader& reader, const AVFrame& source, const VideoFrame& first) {
    AVFormatContext* output = nullptr;
    const int made = avformat().avformat_alloc_output_context2(&output, nullptr, formatName(outputKind(path_)), nullptr);
    if (made < 0) return failed(avText(made));
    output_.reset(output);
    output->max_interleave_delta = 0;  // sound waits for the encoder, however long that is
    av_dict_copy(&output->metadata, reader.format().metadata, 0);
    for (const char* name : {"major_brand", "minor_version", "compatible_brands", "encoder"})  // of the file it was
        av_dict_set(&output->metadata, name, nullptr, 0);
    if (auto opened = openEncoder(reader, source, first); !opened) return opened;
    if (auto added = addSound(reader); !added) return added;
    if (auto opened = file_.open(path_, overwrite_); !opened) return opened;
    int result = avformat().avio_open(&output->pb, ("file:" + file_.path()).c_str(), AVIO_FLAG_WRITE);
    if (result >= 0) result = avformat().avformat_write_header(output, nullptr);
    if (result < 0) return failed(avText(result));
    return {};
}

Result<void> VideoWriter::openEncoder(const MediaReader& reader, const AVFrame& source, const VideoFrame& first) {
    const auto* codec = avcodec_find_encoder_by_name("libx264");
    if (codec == nullptr) return Error{Code::VideoEncodeFailed, "this libavcodec has no H.264 encoder (libx264)"};
    encoder_.reset(avcodec_alloc_context3(codec));
    video_ = avformat().avformat_new_stream(output_.get(), nullptr);
    if (!encoder_ || video_ == nullptr) return failed("out of memory");
    encoder_->width = first.width();
    encoder_->height = first.height();
    encoder_->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder_->sample_aspect_ratio = {1, 1};
    encoder_->time_base = reader.video().time_base;
    encoder_->framerate = reader.frameRate();
    tellColours(*encoder_, source, first);
    if ((output_->oformat->flags & AVFMT_GLOBALHEADER) != 0) encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_opt_set(encoder_->priv_data, "preset", "veryfast", 0);
    constexpr double kHardlyAnyLoss = 18;
    av_opt_set_double(encoder_->priv_data, "crf", kHardlyAnyLoss, 0);
    int result = avcodec_open2(encoder_.get(), codec, nullptr);
    if (result >= 0) result = avcodec_parameters_from_context(video_->codecpar, encoder_.get());
    if (result < 0) return encoderFailed(result);
    video_->time_base = encoder_->time_base;
    video_->avg_frame_rate = encoder_->framerate;
    video_->sample_aspect_ratio = encoder_->sample_aspect_ratio;
    video_->disposition = reader.video().disposition;
    av_dict_copy(&video_->metadata, reader.video().metadata, 0);
    for (const char* name : {"rotate", "encoder", "handler_name", "vendor_id"})  // no longer so
        av_dict_set(&video_->metadata, name, nullptr, 0);
    return {};
}

Result<void> VideoWriter::addSound(const MediaReader& reader) {
    for (const auto* in : reader.sound()) {
        if (avformat().avformat_query_codec(output_->oformat, in->codecpar->codec_id, FF_COMPLIANCE_NORMAL) == 0) {
            return Error{Code::InvalidArgument, path_ + ": this kind of file can't take the sound of " + reader.path() + " (" +
                                                    avcodec_get_name(in->codecpar->codec_id) + "); .mkv takes any"};
        }
        AVStream* out = avformat().avformat_new_stream(output_.get(), nullptr);
        if (out == nullptr || avcodec_parameters_copy(out->codecpar, in->codecpar) < 0) return failed("out of memory");
        out->codecpar->codec_tag = 0;  // that of the other kind of file
        out->time_base = in->time_base;
        out->disposition = in->disposition;
        av_dict_copy(&out->metadata, in->metadata, 0);
        sound_[in->index] = {in->time_base, out};
    }
    return {};
}

Result<void> VideoWriter::write(VideoFrame frame, const AVFrame& source) {
    const FramePtr pixels = share(std::move(frame));
    if (!pixels) return failed("out of memory");
    pixels->pts = source.pts;
    durations_[source.pts] = source.pkt_duration;
    if (const int result = avcodec_send_frame(encoder_.get(), pixels.get()); result < 0) return encoderFailed(result);
    return takePackets();
}

Result<void> VideoWriter::takePackets() {
    for (;;) {
        const PacketPtr packet(av_packet_alloc());
        if (!packet) return failed("out of memory");
        const int got = avcodec_receive_packet(encoder_.get(), packet.get());
        if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) return {};
        if (got < 0) return encoderFailed(got);
        if (auto duration = durations_.extract(packet->pts)) packet->duration = duration.mapped();
        packet->stream_index = video_->index;
        av_packet_rescale_ts(packet.get(), encoder_->time_base, video_->time_base);
        if (const int result = avformat().av_interleaved_write_frame(output_.get(), packet.get()); result < 0)
            return failed(avText(result));
    }
}

Result<void> VideoWriter::write(PacketPtr sound) {
    const auto to = sound_.find(sound->stream_index);
    if (to == sound_.end()) return {};  // a stream that began in the middle of the file
    sound->stream_index = to->second.second->index;
    sound->pos = -1;
    av_packet_rescale_ts(sound.get(), to->second.first, to->second.second->time_base);
    if (const int result = avformat().av_interleaved_write_frame(output_.get(), sound.get()); result < 0)
        return failed(avText(result));
    return {};
}

Result<std::string> VideoWriter::finish() {
    if (const int result = avcodec_send_frame(encoder_.get(), nullptr); result < 0) return encoderFailed(result);
    if (auto taken = takePackets(); !taken) return taken.error();
    int result = avformat().av_write_trailer(output_.get());
    const int closed = avformat().avio_closep(&output_->pb);
    if (result >= 0) result = closed;
    if (result < 0) return failed(avText(result));
    return file_.finish();
}

}  // namespace program
