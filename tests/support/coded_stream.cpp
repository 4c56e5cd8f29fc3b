// SPDX-License-Identifier: MIT
#include "coded_stream.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>

#include "av/av.hpp"
#include "decode.hpp"
#include "encode/encoders.hpp"
#include "encode/packet_list.hpp"
#include "must.hpp"

namespace livepusher::test {

namespace {

using capture::must;

template <typename T>
void must(const Result<T>& result) {
    if (!result) throw std::runtime_error(result.error().message);
}

std::vector<Packet> pictures(const StreamRecipe& recipe) {
    const auto encoder = recipe.videoCodec == VideoCodec::h264
                             ? encode::makeX264Encoder()
                             : encode::makeAvcodecVideoEncoder(encode::softwareEncoder(recipe.videoCodec));
    encode::PacketList sink;
    encode::VideoEncoderSettings settings;
    settings.width = recipe.width;
    settings.height = recipe.height;
    settings.fps = recipe.fps;
    settings.gop = recipe.gop;
    settings.bitrate = 400;
    settings.lowLatency = recipe.lowLatency;
    settings.preset = recipe.lowLatency ? "ultrafast" : "veryfast";
    must(encoder->open(settings, sink));
    for (int n = 0; n < recipe.frames; ++n) {
        auto frame = texture(recipe.width, recipe.height, recipe.first + n);
        frame.pts = recipe.start + Timestamp(n * 1'000'000LL / recipe.fps);
        must(encoder->encode(frame, n == 0));
    }
    encoder->close();
    return sink.packets;
}

std::vector<Packet> sound(const StreamRecipe& recipe) {
    const auto encoder = recipe.audioCodec == AudioCodec::opus ? encode::makeOpusEncoder() : encode::makeAacEncoder();
    encode::PacketList sink;
    encode::AudioEncoderSettings settings;
    settings.sampleRate = 48'000;
    settings.channels = 2;
    must(encoder->open(settings, sink));
    const auto size = encoder->frameSize();
    const auto all = static_cast<std::size_t>(48'000LL * recipe.frames / recipe.fps);
    std::vector<float> block(size * 2);
    for (std::size_t at = 0; at < all; at += size) {
        for (std::size_t i = 0; i < size; ++i)
            block[2 * i] = block[2 * i + 1] =
                0.3F * std::sin(2 * std::numbers::pi_v<float> * 440 * static_cast<float>(at + i) / 48'000);
        must(encoder->encode(block.data(), recipe.start + Timestamp(static_cast<std::int64_t>(at) * 1'000'000 / 48'000)));
    }
    encoder->close();
    return sink.packets;
}

void decode(AVCodecContext& decoder, const AVPacket* packet, ReadFile& out) {
    if (const int code = avcodec_send_packet(&decoder, packet); code < 0 && code != AVERROR_EOF) ++out.errors;
    capture::FramePtr frame(av_frame_alloc());
    for (;;) {
        const int code = avcodec_receive_frame(&decoder, frame.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
        if (code < 0) {
            ++out.errors;
            return;
        }
        if (frame->flags & AV_FRAME_FLAG_CORRUPT || frame->decode_error_flags != 0) ++out.errors;
        if (decoder.codec_type == AVMEDIA_TYPE_VIDEO)
            out.sizes.emplace_back(frame->width, frame->height);
        else
            out.decodedSamples += frame->nb_samples;
    }
}

}  // namespace

std::vector<Packet> codedStream(const StreamRecipe& recipe) {
    std::vector<Packet> all;
    if (recipe.video) all = pictures(recipe);
    if (recipe.audio) {
        const auto heard = sound(recipe);
        all.insert(all.end(), heard.begin(), heard.end());
    }
    std::ranges::stable_sort(all, [](const Packet& a, const Packet& b) {
        const bool config = a.kind == Packet::Kind::Config, otherConfig = b.kind == Packet::Kind::Config;
        return config != otherConfig ? config : !config && a.dts < b.dts;
    });
    return all;
}

ReadFile readFile(const std::string& path) {
    if (!capture::loadAvformat()) throw std::runtime_error("no libavformat");
    const auto& format = capture::avformat();
    AVFormatContext* opened = nullptr;
    must(format.avformat_open_input(&opened, path.c_str(), nullptr, nullptr), "open");
    const capture::FormatPtr file(opened);
    must(format.avformat_find_stream_info(opened, nullptr), "streams");
    ReadFile out;
    out.format = opened->iformat->name;
    out.duration = Timestamp(opened->duration);
    std::vector<capture::CodecPtr> decoders;
    const std::span streams(opened->streams, opened->nb_streams);
    for (const auto* stream : streams) {
        auto& track = stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO ? out.video : out.audio;
        track.codec = avcodec_get_name(stream->codecpar->codec_id);
        track.sampleRate = stream->codecpar->sample_rate;
        track.channels = stream->codecpar->ch_layout.nb_channels;
        const auto* codec = avcodec_find_decoder(stream->codecpar->codec_id);
        auto& decoder = decoders.emplace_back(capture::quietContext(codec));
        must(avcodec_parameters_to_context(decoder.get(), stream->codecpar), "parameters");
        decoder->thread_count = 1;
        decoder->err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK | AV_EF_BITSTREAM;
        must(avcodec_open2(decoder.get(), codec, nullptr), "decoder");
    }
    const capture::PacketPtr packet(av_packet_alloc());
    while (format.av_read_frame(opened, packet.get()) >= 0) {
        const auto index = static_cast<std::size_t>(packet->stream_index);
        const auto* stream = streams[index];
        auto& track = stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO ? out.video : out.audio;
        track.pts.push_back(capture::timestampOf(packet->pts, stream->time_base));
        track.dts.push_back(capture::timestampOf(packet->dts, stream->time_base));
        track.keys.push_back((packet->flags & AV_PKT_FLAG_KEY) != 0);
        decode(*decoders[index], packet.get(), out);
        av_packet_unref(packet.get());
    }
    for (const auto& decoder : decoders) decode(*decoder, nullptr, out);
    return out;
}

}  // namespace livepusher::test
