// SPDX-License-Identifier: MIT
#include "make_media.hpp"

#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "av/av.hpp"
#include "capture/test_picture.hpp"
#include "capture/test_tone.hpp"
#include "must.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
}

namespace livepusher::capture {
namespace {

class Writer {
public:
    Writer(const std::string& path, const MediaRecipe& recipe) : recipe_(recipe) {
        must(avformat_alloc_output_context2(&format_, nullptr, nullptr, path.c_str()), "format");
        if (recipe.video) openVideo();
        if (recipe.audio) openAudio();
        must(avio_open(&format_->pb, path.c_str(), AVIO_FLAG_WRITE), "open");
        must(avformat_write_header(format_, nullptr), "header");
    }
    ~Writer() {
        avio_closep(&format_->pb);
        avformat_free_context(format_);
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void write() {
        std::int64_t samples = 0;
        const auto allSamples =
            recipe_.samples > 0 ? recipe_.samples : std::int64_t{recipe_.frames} * recipe_.sampleRate / recipe_.fps;
        for (int n = 0; n < recipe_.frames; ++n) {
            if (recipe_.video) writePicture(n);
            while (recipe_.audio && samples < allSamples && samples * recipe_.fps <= std::int64_t{n + 1} * recipe_.sampleRate)
                samples += writeSound(samples, allSamples - samples);
        }
        while (recipe_.audio && samples < allSamples) samples += writeSound(samples, allSamples - samples);
        if (recipe_.video) encode(*video_, nullptr, videoStream_);
        if (recipe_.audio) encode(*audio_, nullptr, audioStream_);
        must(av_write_trailer(format_), "trailer");
    }

private:
    CodecPtr make(const char* name) {
        const auto* codec = avcodec_find_encoder_by_name(name);
        if (!codec) throw std::runtime_error(std::string("no encoder ") + name);
        CodecPtr context(avcodec_alloc_context3(codec));
        if (format_->oformat->flags & AVFMT_GLOBALHEADER) context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
        return context;
    }
    AVStream* add(AVCodecContext& codec) {
        must(avcodec_open2(&codec, nullptr, nullptr), "encoder");
        auto* stream = avformat_new_stream(format_, nullptr);
        must(avcodec_parameters_from_context(stream->codecpar, &codec), "parameters");
        stream->time_base = codec.time_base;
        return stream;
    }
    void openVideo() {
        video_ = make(recipe_.videoCodec);
        video_->width = recipe_.width;
        video_->height = recipe_.height;
        video_->pix_fmt = std::strcmp(recipe_.videoCodec, "mjpeg") == 0 ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
        if (std::strcmp(recipe_.videoCodec, "ffv1") == 0) video_->pix_fmt = AV_PIX_FMT_YUV420P16LE;
        video_->time_base = {1, recipe_.fps};
        video_->framerate = {recipe_.fps, 1};
        video_->bit_rate = 2'000'000;
        video_->gop_size = recipe_.keyEvery;
        if (std::strcmp(recipe_.videoCodec, "mpeg4") == 0) video_->max_b_frames = 2;
        video_->sample_aspect_ratio = {recipe_.sampleAspectNum, recipe_.sampleAspectDen};
        videoStream_ = add(*video_);
        videoStream_->avg_frame_rate = video_->framerate;
        videoStream_->sample_aspect_ratio = video_->sample_aspect_ratio;
        if (recipe_.rotation != 0 || recipe_.mirrored) {
            auto* matrix = av_stream_new_side_data(videoStream_, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t));
            av_display_rotation_set(reinterpret_cast<std::int32_t*>(matrix), recipe_.rotation);
            if (recipe_.mirrored)  // x goes the other way before all else
                for (const int i : {0, 1}) reinterpret_cast<std::int32_t*>(matrix)[i] *= -1;
        }
        picture_ = std::make_unique<TestPicture>(recipe_.width, recipe_.height);
    }
    void openAudio() {
        audio_ = make(recipe_.audioCodec);
        audio_->sample_rate = recipe_.sampleRate;
        audio_->sample_fmt = audio_->codec->sample_fmts[0];
        av_channel_layout_default(&audio_->ch_layout, recipe_.channels);
        audio_->time_base = {1, recipe_.sampleRate};
        audio_->bit_rate = 128'000;
        audioStream_ = add(*audio_);
    }
    void writePicture(int n) {
        FramePtr frame(av_frame_alloc());
        frame->width = recipe_.width;
        frame->height = recipe_.height;
        frame->format = video_->pix_fmt;
        frame->pts = n;
        must(av_frame_get_buffer(frame.get(), 0), "frame");
        const auto drawn = picture_->draw(static_cast<std::uint32_t>(n), Timestamp(std::int64_t{n} * 1'000'000 / recipe_.fps));
        for (int p = 0; p < 3; ++p)
            for (int y = 0; y < (p == 0 ? recipe_.height : recipe_.height / 2); ++y)
                std::memcpy(frame->data[p] + y * frame->linesize[p], drawn.plane(p) + y * drawn.stride(p),
                            static_cast<std::size_t>(p == 0 ? recipe_.width : recipe_.width / 2));
        encode(*video_, frame.get(), videoStream_);
    }
    std::int64_t writeSound(std::int64_t first, std::int64_t left) {
        const auto size = audio_->frame_size > 0 ? audio_->frame_size : 1024;
        const auto count = static_cast<int>(std::min<std::int64_t>(size, left));
        FramePtr frame(av_frame_alloc());
        frame->nb_samples = count;
        frame->format = audio_->sample_fmt;
        frame->sample_rate = recipe_.sampleRate;
        frame->pts = first;
        must(av_channel_layout_copy(&frame->ch_layout, &audio_->ch_layout), "layout");
        must(av_frame_get_buffer(frame.get(), 0), "frame");
        const auto& beeps = tone_.make(first, static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i)
            for (int c = 0; c < recipe_.channels; ++c)
                put(*frame, i, c, recipe_.sound ? recipe_.sound(first + i, c) : beeps[static_cast<std::size_t>(i * 2 + c % 2)]);
        encode(*audio_, frame.get(), audioStream_);
        return count;
    }
    void put(AVFrame& frame, int at, int channel, float value) const {
        const bool planar = av_sample_fmt_is_planar(audio_->sample_fmt) != 0;
        auto* plane = frame.extended_data[planar ? channel : 0];
        const auto place = planar ? at : at * recipe_.channels + channel;
        switch (av_get_packed_sample_fmt(audio_->sample_fmt)) {
            case AV_SAMPLE_FMT_FLT: reinterpret_cast<float*>(plane)[place] = value; break;
            case AV_SAMPLE_FMT_S32:
                reinterpret_cast<std::int32_t*>(plane)[place] = static_cast<std::int32_t>(value * 2147483520.F);
                break;
            case AV_SAMPLE_FMT_S16:
                reinterpret_cast<std::int16_t*>(plane)[place] = static_cast<std::int16_t>(value * 32767);
                break;
            default: throw std::runtime_error("no samples of such a form can be made");
        }
    }
    void encode(AVCodecContext& codec, const AVFrame* frame, const AVStream* stream) {
        must(avcodec_send_frame(&codec, frame), "encode");
        PacketPtr packet(av_packet_alloc());
        while (avcodec_receive_packet(&codec, packet.get()) >= 0) {
            if (packet->duration == 0) packet->duration = codec.codec_type == AVMEDIA_TYPE_VIDEO ? 1 : codec.frame_size;
            av_packet_rescale_ts(packet.get(), codec.time_base, stream->time_base);
            packet->stream_index = stream->index;
            must(av_interleaved_write_frame(format_, packet.get()), "write");
        }
    }

    const MediaRecipe recipe_;
    AVFormatContext* format_ = nullptr;
    CodecPtr video_, audio_;
    AVStream* videoStream_ = nullptr;
    AVStream* audioStream_ = nullptr;
    std::unique_ptr<TestPicture> picture_;
    TestTone tone_{base::AudioFormat{.sampleRate = recipe_.sampleRate, .channels = 2}};
};

}  // namespace

void makeMedia(const std::string& path, const MediaRecipe& recipe) { Writer(path, recipe).write(); }

}  // namespace livepusher::capture
