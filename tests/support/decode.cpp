// SPDX-License-Identifier: MIT
#include "decode.hpp"

#include "av/av.hpp"

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace livepusher::test {

namespace {

using capture::CodecPtr;
using capture::FramePtr;
using capture::PacketPtr;

capture::CodecPtr openDecoder(AVCodecID id, const std::vector<std::uint8_t>& config) {
    const AVCodec* codec = avcodec_find_decoder(id);
    auto context = capture::quietContext(codec);
    context->thread_count = 1;
    context->err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK | AV_EF_BITSTREAM;
    if (!config.empty()) {
        context->extradata = static_cast<std::uint8_t*>(av_mallocz(config.size() + AV_INPUT_BUFFER_PADDING_SIZE));
        std::memcpy(context->extradata, config.data(), config.size());
        context->extradata_size = static_cast<int>(config.size());
    }
    if (avcodec_open2(context.get(), codec, nullptr) < 0) throw std::runtime_error("no decoder");
    return context;
}

capture::PacketPtr toAv(const std::vector<std::uint8_t>& data) {
    capture::PacketPtr packet(av_packet_alloc());
    av_new_packet(packet.get(), static_cast<int>(data.size()));
    std::memcpy(packet->data, data.data(), data.size());
    return packet;
}

VideoFrame toFrame(const AVFrame& from) {
    auto frame = VideoFrame::allocate(from.width, from.height);
    for (int i = 0; i < 3; ++i) {
        const int shift = i > 0;
        for (int y = 0; y < from.height >> shift; ++y)
            std::memcpy(frame.mutablePlane(i) + y * frame.stride(i), from.data[i] + y * from.linesize[i],
                        static_cast<std::size_t>(from.width >> shift));
    }
    frame.pts = Timestamp(from.pts);
    return frame;
}

/// SEI messages of type user_data_unregistered: UUID and text.
std::vector<std::string> messagesOf(const AVFrame& frame) {
    std::vector<std::string> found;
    for (int i = 0; i < frame.nb_side_data; ++i) {
        const auto& data = *frame.side_data[i];
        if (data.type == AV_FRAME_DATA_SEI_UNREGISTERED) found.emplace_back(reinterpret_cast<const char*>(data.data), data.size);
    }
    return found;
}

template <typename OnFrame>
void drain(AVCodecContext* context, int& errors, OnFrame onFrame) {
    capture::FramePtr frame(av_frame_alloc());
    for (;;) {
        const int code = avcodec_receive_frame(context, frame.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
        if (code < 0) {
            ++errors;
            return;
        }
        if (frame->flags & AV_FRAME_FLAG_CORRUPT || frame->decode_error_flags != 0) ++errors;
        onFrame(*frame);
    }
}

bool isOpus(const Packet& config) { return config.description && config.description->audioCodec == AudioCodec::opus; }

AVCodecID codecOf(const Packet& config) {
    if (config.track == Packet::Track::Audio) return isOpus(config) ? AV_CODEC_ID_OPUS : AV_CODEC_ID_AAC;
    switch (config.description ? config.description->videoCodec : VideoCodec::h264) {
        case VideoCodec::h264: break;
        case VideoCodec::hevc: return AV_CODEC_ID_HEVC;
        case VideoCodec::av1: return AV_CODEC_ID_AV1;
    }
    return AV_CODEC_ID_H264;
}

template <typename OnFrame>
void decodeAll(const std::vector<Packet>& packets, int& errors, OnFrame onFrame) {
    capture::CodecPtr context;
    const auto flush = [&] {
        if (!context) return;
        avcodec_send_packet(context.get(), nullptr);
        drain(context.get(), errors, [&](const AVFrame& f) { onFrame(*context, f); });
    };
    for (const auto& packet : packets) {
        if (packet.kind == Packet::Kind::Config) {
            flush();
            context = openDecoder(codecOf(packet), *packet.data);
            continue;
        }
        auto av = toAv(*packet.data);
        av->pts = packet.pts.count();
        av->dts = packet.dts.count();
        if (avcodec_send_packet(context.get(), av.get()) < 0) ++errors;
        drain(context.get(), errors, [&](const AVFrame& f) { onFrame(*context, f); });
    }
    flush();
}

}  // namespace

DecodedVideo decodeVideo(const std::vector<Packet>& packets) {
    DecodedVideo out;
    decodeAll(packets, out.errors, [&](const AVCodecContext& context, const AVFrame& frame) {
        out.frames.push_back(toFrame(frame));
        out.types.push_back(av_get_picture_type_char(frame.pict_type));
        out.messages.push_back(messagesOf(frame));
        out.profile = context.profile;
        out.primaries = context.color_primaries;
        out.transfer = context.color_trc;
        out.matrix = context.colorspace;
        out.limitedRange = context.color_range == AVCOL_RANGE_MPEG;
    });
    return out;
}

DecodedAudio decodeAudio(const std::vector<Packet>& packets) {
    DecodedAudio out;
    decodeAll(packets, out.errors, [&](const AVCodecContext&, const AVFrame& frame) {
        out.sampleRate = frame.sample_rate;
        out.times.push_back(Timestamp(frame.pts));
        out.sizes.push_back(static_cast<std::size_t>(frame.nb_samples));
        out.channels.resize(static_cast<std::size_t>(frame.ch_layout.nb_channels));
        for (std::size_t c = 0; c < out.channels.size(); ++c) {
            const auto* samples = reinterpret_cast<const float*>(frame.extended_data[c]);
            out.channels[c].insert(out.channels[c].end(), samples, samples + frame.nb_samples);
        }
    });
    return out;
}

DecodedPicture decodePicture(const std::string& path, bool png) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<std::uint8_t> data{std::istreambuf_iterator<char>(file), {}};
    auto context = openDecoder(png ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG, {});
    DecodedPicture out;
    int errors = 0;
    const auto packet = toAv(data);
    if (avcodec_send_packet(context.get(), packet.get()) < 0) throw std::runtime_error("not a picture: " + path);
    avcodec_send_packet(context.get(), nullptr);
    drain(context.get(), errors, [&](const AVFrame& frame) {
        out.width = frame.width;
        out.height = frame.height;
        out.rgb = frame.format == AV_PIX_FMT_RGB24;
        for (int y = 0; y < frame.height; ++y) {
            const auto* row = frame.data[0] + y * frame.linesize[0];
            out.bytes.insert(out.bytes.end(), row, row + frame.width * (out.rgb ? 3 : 1));
        }
        for (int i = 0; i < 2 && !out.rgb; ++i) {
            for (int y = 0; y < frame.height / 2; ++y) {
                const auto* row = frame.data[i + 1] + y * frame.linesize[i + 1];
                out.chroma[i].insert(out.chroma[i].end(), row, row + frame.width / 2);
            }
        }
    });
    return out;
}

double psnr(const VideoFrame& a, const VideoFrame& b) {
    double sum = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const int d = a.plane(0)[y * a.stride(0) + x] - b.plane(0)[y * b.stride(0) + x];
            sum += d * d;
        }
    }
    return 10 * std::log10(255.0 * 255.0 * a.width() * a.height() / std::max(sum, 1e-9));
}

VideoFrame texture(int width, int height, int number) {
    auto frame = VideoFrame::allocate(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double coarse = 50 * std::sin((x + 2 * number) / 17.0) + 30 * std::sin((y - number) / 11.0);
            const auto u = static_cast<std::uint32_t>(x + 3 * number), v = static_cast<std::uint32_t>(y);
            const auto noise = static_cast<int>(((u * 73856093U) ^ (v * 19349663U)) >> 7 & 31U);
            frame.mutablePlane(0)[y * frame.stride(0) + x] = static_cast<std::uint8_t>(110 + static_cast<int>(coarse) + noise);
        }
    }
    for (int i = 1; i < 3; ++i)
        for (int y = 0; y < height / 2; ++y)
            for (int x = 0; x < width / 2; ++x)
                frame.mutablePlane(i)[y * frame.stride(i) + x] =
                    static_cast<std::uint8_t>(128 + static_cast<int>(40 * std::sin((x * i + y + number) / 29.0)));
    return frame;
}

}  // namespace livepusher::test
