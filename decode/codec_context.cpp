// SPDX-License-Identifier: MIT
#include "decode/codec_context.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
}

namespace livepusher::decode {
namespace {

using capture::avText;

constexpr std::int64_t kMaxPixels = 4096LL * 2304;
constexpr int kSmall = 1280 * 720;  // one thread decodes so much many times faster than it plays

struct Kind {
    AVCodecID id = AV_CODEC_ID_NONE;
    const char* text = "";
};

Kind kindOf(const Packet& config) {
    const Packet::Description none;
    const auto& told = config.description ? *config.description : none;
    if (config.track == Packet::Track::Video) {
        switch (told.videoCodec) {
            case VideoCodec::h264: return {AV_CODEC_ID_H264, "H.264"};
            case VideoCodec::hevc: return {AV_CODEC_ID_HEVC, "H.265"};
            case VideoCodec::av1: return {AV_CODEC_ID_AV1, "AV1"};
        }
    }
    switch (told.headerless) {
        case Packet::HeaderlessSound::None: break;
        case Packet::HeaderlessSound::Mp3: return {AV_CODEC_ID_MP3, "MP3"};
        case Packet::HeaderlessSound::ALaw: return {AV_CODEC_ID_PCM_ALAW, "G.711 A-law"};
        case Packet::HeaderlessSound::MuLaw: return {AV_CODEC_ID_PCM_MULAW, "G.711 mu-law"};
    }
    return told.audioCodec == AudioCodec::opus ? Kind{AV_CODEC_ID_OPUS, "Opus"} : Kind{AV_CODEC_ID_AAC, "AAC"};
}

/// libavcodec's own for AV1 needs hardware.
const AVCodec* decoderOf(AVCodecID id, bool hardware) {
    if (id == AV_CODEC_ID_AV1 && hardware) return avcodec_find_decoder_by_name("av1");
    if (id != AV_CODEC_ID_AV1) return avcodec_find_decoder(id);
    for (const char* name : {"libdav1d", "libaom-av1"})
        if (const auto* decoder = avcodec_find_decoder_by_name(name)) return decoder;
    return nullptr;
}

bool setHeader(AVCodecContext& codec, const Packet& config) {
    if (!config.data || config.data->empty()) return true;
    const auto size = config.data->size();
    codec.extradata = static_cast<std::uint8_t*>(av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE));
    if (!codec.extradata) return false;
    std::memcpy(codec.extradata, config.data->data(), size);
    codec.extradata_size = static_cast<int>(size);
    return true;
}

void describe(AVCodecContext& codec, const Packet& config) {
    const Packet::Description none;
    const auto& told = config.description ? *config.description : none;
    if (config.track == Packet::Track::Audio) {
        if (told.sampleRate > 0) codec.sample_rate = told.sampleRate;
        if (told.channels > 0 && told.channels <= 8) av_channel_layout_default(&codec.ch_layout, told.channels);
        codec.pkt_timebase = capture::kMicroseconds;
        return;
    }
    codec.max_pixels = kMaxPixels;
    codec.thread_type = FF_THREAD_SLICE;  // a thread of frames is a frame of delay
    codec.thread_count = std::int64_t{told.width} * told.height > kSmall ? 2 : 1;
}

struct DictionaryDeleter {
    void operator()(AVDictionary* options) const { av_dict_free(&options); }
};

/// `setUp`: null for software.
Result<CodecContext> openBy(const Packet& config, const HardwareSetUp* setUp, const std::string& api) {
    capture::routeLibavLog();
    const auto kind = kindOf(config);
    const auto* decoder = decoderOf(kind.id, setUp != nullptr);
    if (!decoder)
        return Error{Code::NotAvailable, std::string(kind.text) + ": this libavcodec has no decoder for it",
                     AVERROR_DECODER_NOT_FOUND};
    CodecContext out{capture::quietContext(decoder),
                     std::string(kind.text) + (setUp ? " " + api : " libavcodec " + std::string(decoder->name)),
                     setUp != nullptr};
    if (!out.codec || !setHeader(*out.codec, config))
        return Error{Code::SourceFailed, out.name + ": out of memory", AVERROR(ENOMEM)};
    describe(*out.codec, config);
    if (setUp) {
        out.codec->thread_count = 1;
        if (auto done = (*setUp)(*out.codec); !done) return done.error();
    }
    AVDictionary* options = nullptr;
    if (std::strcmp(decoder->name, "libdav1d") == 0) av_dict_set_int(&options, "max_frame_delay", 1, 0);
    const int error = avcodec_open2(out.codec.get(), decoder, &options);
    const std::unique_ptr<AVDictionary, DictionaryDeleter> rest(options);
    if (error >= 0) return out;
    // Decoders that don't say what is wrong with a header say -1, which happens to be EPERM.
    const auto why =
        error == AVERROR(EPERM) || error == AVERROR_INVALIDDATA ? "its configuration is missing or damaged" : avText(error);
    return Error{Code::SourceFailed, out.name + " can't be started: " + why, error};
}

}  // namespace

Result<CodecContext> openCodec(const Packet& config) { return openBy(config, nullptr, {}); }

Result<CodecContext> openCodec(const Packet& config, const HardwareSetUp& setUp, const std::string& api) {
    return openBy(config, &setUp, api);
}

int sendPacket(AVCodecContext& codec, const Packet& packet, std::int64_t pts) {
    if (!packet.data || packet.data->empty()) return 0;  // to the decoder it would mean the end
    const capture::PacketPtr unit(av_packet_alloc());
    if (!unit || av_new_packet(unit.get(), static_cast<int>(packet.data->size())) < 0) return AVERROR(ENOMEM);
    std::ranges::copy(*packet.data, unit->data);
    unit->pts = pts;
    if (packet.kind == Packet::Kind::Key) unit->flags |= AV_PKT_FLAG_KEY;
    return avcodec_send_packet(&codec, unit.get());
}

}  // namespace livepusher::decode
