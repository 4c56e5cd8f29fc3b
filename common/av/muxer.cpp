// SPDX-License-Identifier: MIT
#include "av/muxer.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "av/av.hpp"
#include "av/mp4_index.hpp"
#include "av/muxer_units.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
}

namespace livepusher::capture {

namespace {

/// What a process that dies may take along, in ms of media.
constexpr const char* kMuxerPiece = "500";
constexpr const char* kPieceInMicroseconds = "500000";
/// MPEG-TS: how much earlier its clock reads than pictures and sound are to be decoded, so that a receiver can hold them ready.
constexpr int kTransportDelay = 200'000;  // µs
constexpr int kMuxerBuffer = 64 * 1024;
constexpr int kAacFrame = 1024;  // samples

const char* muxerName(MuxerFormat format) {
    switch (format) {
        case MuxerFormat::MpegTs: return "mpegts";
        case MuxerFormat::Mp4: return "mp4";
        case MuxerFormat::Matroska: break;
    }
    return "matroska";
}

const char* shownName(MuxerFormat format) {
    switch (format) {
        case MuxerFormat::MpegTs: return "MPEG-TS";
        case MuxerFormat::Mp4: return "MP4";
        case MuxerFormat::Matroska: break;
    }
    return "Matroska";
}

bool hasNalUnits(VideoCodec codec) { return codec != VideoCodec::av1; }

AVCodecID idOf(const Packet& config) {
    const auto& described = *config.description;
    if (config.track == Packet::Track::Audio)
        return described.audioCodec == AudioCodec::opus ? AV_CODEC_ID_OPUS : AV_CODEC_ID_AAC;
    switch (described.videoCodec) {
        case VideoCodec::h264: return AV_CODEC_ID_H264;
        case VideoCodec::hevc: return AV_CODEC_ID_HEVC;
        case VideoCodec::av1: break;
    }
    return AV_CODEC_ID_AV1;
}

/// Of an Opus packet, by its first bytes (RFC 6716 §3.1, §3.2).
Timestamp opusDuration(std::span<const std::uint8_t> packet) {
    if (packet.empty()) return {};
    const int config = packet[0] >> 3;
    constexpr std::array<int, 4> kSilk{10'000, 20'000, 40'000, 60'000};
    int frame = 2'500 << (config & 3);
    if (config < 12)
        frame = kSilk.at(static_cast<std::size_t>(config & 3));
    else if (config < 16)
        frame = 10'000 << (config & 1);
    int frames = 2;
    if ((packet[0] & 3) == 0) frames = 1;
    if ((packet[0] & 3) == 3) frames = packet.size() > 1 ? packet[1] & 0x3f : 0;
    return Timestamp(frames * frame);
}

bool sameRecord(const Packet& one, const Packet& other) { return one.data && other.data && *one.data == *other.data; }

struct Dictionary {
    AVDictionary* entries = nullptr;
    Dictionary() = default;
    Dictionary(const Dictionary&) = delete;
    Dictionary& operator=(const Dictionary&) = delete;
    ~Dictionary() { av_dict_free(&entries); }
    void set(const char* name, const char* value) { av_dict_set(&entries, name, value, 0); }
};

void setOptions(Dictionary& options, MuxerFormat format) {
    switch (format) {
        case MuxerFormat::MpegTs:
            options.set("mpegts_flags", "pat_pmt_at_frames");  // who joins need not wait for the tables
            options.set("pes_payload_size", "0");              // sound isn't gathered, which would take up to 100 ms
            break;
        case MuxerFormat::Mp4:
            // Each fragment says at which time it begins, also the first, where one track is later than the other.
            options.set("movflags", "empty_moov+default_base_moof+frag_keyframe+frag_discont+skip_trailer");
            options.set("use_editlist", "0");
            options.set("frag_duration", kPieceInMicroseconds);
            break;
        case MuxerFormat::Matroska: options.set("cluster_time_limit", kMuxerPiece); break;
    }
}

}  // namespace

struct Muxer::Output {
    explicit Output(const Sink& to) : sink(to) {}
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output() {
        if (context) avformat().avformat_free_context(context);
        if (io) av_freep(static_cast<void*>(&io->buffer));
        avformat().avio_context_free(&io);
    }

    Result<void> open(const Options& options) {
        if (auto loaded = loadAvformat(); !loaded) return loaded;
        routeLibavLog();
        avformat().avformat_alloc_output_context2(&context, nullptr, muxerName(options.format), nullptr);
        if (!context)
            return Error{Code::NotAvailable, std::string("this build of libavformat writes no ") + shownName(options.format)};
        auto* buffer = static_cast<unsigned char*>(av_malloc(kMuxerBuffer));
        if (buffer)
            io = avformat().avio_alloc_context(buffer, kMuxerBuffer, 1, this, nullptr, &Output::take,
                                               options.patches ? &Output::seek : nullptr);
        if (!io) {
            av_free(buffer);
            return Error{Code::InternalFailure, "out of memory"};
        }
        if (options.format != MuxerFormat::Matroska || !options.patches) io->seekable = 0;
        if (options.format == MuxerFormat::Mp4) index.emplace();
        context->pb = io;
        context->flags |= AVFMT_FLAG_CUSTOM_IO;
        context->flush_packets = 1;
        if (options.format == MuxerFormat::MpegTs) context->max_delay = kTransportDelay;
        // Times are as they should be already.
        context->avoid_negative_ts = 0;
        return {};
    }

    /// After the header, which an index changes.
    void begin() {
        avformat().avio_flush(io);
        headed = true;
        if (index) put(index->withDuration(std::exchange(beginning, {})));
    }
    void put(std::span<const std::uint8_t> bytes) {
        if (bytes.empty()) return;
        sink(position, bytes);
        position += bytes.size();
        end = std::max(end, position);
    }
    static int take(void* self, std::uint8_t* bytes, int size) {
        auto& out = *static_cast<Output*>(self);
        const std::span taken(bytes, static_cast<std::size_t>(size));
        if (out.index && !out.headed)
            out.beginning.insert(out.beginning.end(), taken.begin(), taken.end());
        else
            out.put(taken);
        return size;
    }
    static std::int64_t seek(void* self, std::int64_t to, int whence) {
        auto& out = *static_cast<Output*>(self);
        if (whence == AVSEEK_SIZE) return static_cast<std::int64_t>(out.end);
        if (whence == SEEK_CUR) to += static_cast<std::int64_t>(out.position);
        if (whence == SEEK_END) to += static_cast<std::int64_t>(out.end);
        if (to < 0 || static_cast<std::uint64_t>(to) > out.end) return AVERROR(EINVAL);  // no holes
        out.position = static_cast<std::uint64_t>(to);
        return to;
    }

    const Sink& sink;
    AVFormatContext* context = nullptr;
    AVIOContext* io = nullptr;
    std::uint64_t position = 0, end = 0;
    bool headed = false;
    std::optional<Mp4Index> index;  // of an MP4
    std::vector<std::uint8_t> beginning;
    std::int64_t lasts = 0;  // µs
};

Muxer::Muxer(Options options, Sink sink) : options_(options), sink_(std::move(sink)) {}
Muxer::~Muxer() = default;

bool Muxer::begun() const { return output_ && output_->headed; }

bool Muxer::takes(const Packet& config) const {
    if (!begun()) return true;
    const auto& mine = streamOf(config.track);
    if (mine.index < 0 || !config.description) return false;
    if (sameRecord(config, *mine.config)) return true;
    // Sound is described by the container's beginning alone; each key frame of pictures has what describes them before it (of AV1
    // the sequence header, which encoders put there).
    return config.track == Packet::Track::Video && idOf(config) == idOf(*mine.config);
}

Result<void> Muxer::write(const Packet& packet) {
    if (packet.kind == Packet::Kind::Config) {
        if (!packet.description) return Error{Code::InvalidArgument, "a Config without description"};
        if (!takes(packet))
            return Error{Code::InvalidArgument,
                         std::string("the tracks of ") + shownName(options_.format) + " can't become others once it has begun"};
        streamOf(packet.track).config = packet;
        return {};
    }
    if (!begun()) {
        if (!streamOf(packet.track).config) return {};
        if (auto good = begin(packet); !good) return good;
    }
    if (streamOf(packet.track).index < 0) return {};
    return writeMedia(packet);
}

Result<void> Muxer::begin(const Packet& first) {
    output_ = std::make_unique<Output>(sink_);
    if (auto opened = output_->open(options_); !opened) return opened;
    for (const auto track : {Packet::Track::Video, Packet::Track::Audio})
        if (streamOf(track).config)
            if (auto added = add(track); !added) return added;
    Dictionary options;
    setOptions(options, options_.format);
    if (const int code = avformat().avformat_write_header(output_->context, &options.entries); code < 0)
        return Error{Code::TransferFailed,
                     std::string(shownName(options_.format)) + " can't be begun with these tracks (" + avText(code) + ")", code};
    output_->begin();
    // Nothing may be before zero: in Matroska no time at which something is shown, in MP4 none at which it is decoded.
    const bool shown = options_.format == MuxerFormat::Matroska && output_->context->nb_streams == 1;
    if (options_.format != MuxerFormat::MpegTs) zero_ = shown ? first.pts : std::min(first.pts, first.dts);
    return {};
}

Result<void> Muxer::add(Packet::Track track) {
    auto& mine = streamOf(track);
    const auto& config = *mine.config;
    const auto& described = *config.description;
    const auto id = idOf(config);
    if (options_.format == MuxerFormat::MpegTs && id == AV_CODEC_ID_AV1)
        return Error{Code::InvalidArgument, "MPEG-TS holds no AV1: choose videoCodec h264 or hevc"};
    auto* stream = avformat().avformat_new_stream(output_->context, nullptr);
    if (!stream) return Error{Code::InternalFailure, "out of memory"};
    mine.index = stream->index;
    auto& parameters = *stream->codecpar;
    parameters.codec_id = id;
    parameters.bit_rate = std::int64_t{1000} * described.bitrate;
    if (track == Packet::Track::Video) {
        parameters.codec_type = AVMEDIA_TYPE_VIDEO;
        parameters.width = described.width;
        parameters.height = described.height;
        stream->time_base = {1, 90'000};
        if (described.fps > 0) stream->avg_frame_rate = av_d2q(described.fps, 1001);
        // As Apple's players want it, in place of hev1.
        if (options_.format == MuxerFormat::Mp4 && id == AV_CODEC_ID_HEVC) parameters.codec_tag = MKTAG('h', 'v', 'c', '1');
    } else {
        parameters.codec_type = AVMEDIA_TYPE_AUDIO;
        parameters.sample_rate = described.sampleRate;
        parameters.frame_size = id == AV_CODEC_ID_AAC ? kAacFrame : 0;
        av_channel_layout_default(&parameters.ch_layout, described.channels);
        stream->time_base = {1, described.sampleRate > 0 ? described.sampleRate : 48'000};
    }
    // Where units stand behind start codes, their parameter sets do too.
    const bool inBandOnly = options_.format == MuxerFormat::MpegTs && track == Packet::Track::Video;
    if (inBandOnly || !config.data || config.data->empty()) return {};
    parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(config.data->size() + AV_INPUT_BUFFER_PADDING_SIZE));
    if (!parameters.extradata) return Error{Code::InternalFailure, "out of memory"};
    parameters.extradata_size = static_cast<int>(config.data->size());
    std::memcpy(parameters.extradata, config.data->data(), config.data->size());
    return {};
}

/// In microseconds; 0: not known.
std::int64_t Muxer::durationOf(const Packet& packet, const Stream& stream) const {
    const auto& described = *stream.config->description;
    if (packet.track == Packet::Track::Video) {
        if (described.fps > 0) return static_cast<std::int64_t>(1'000'000 / described.fps);
        return stream.written ? (packet.dts - stream.before).count() : 0;
    }
    if (described.audioCodec == AudioCodec::opus) return opusDuration(*packet.data).count();
    return described.sampleRate > 0 ? av_rescale(kAacFrame, 1'000'000, described.sampleRate) : 0;
}

Result<void> Muxer::writeMedia(const Packet& packet) {
    auto& mine = streamOf(packet.track);
    if (!packet.data || packet.data->empty()) return {};
    const Timestamp duration(durationOf(packet, mine));
    const bool fromZero = options_.format != MuxerFormat::MpegTs && packet.track == Packet::Track::Audio;
    if (fromZero && packet.pts + duration / 2 < zero_) return {};
    const auto codec = mine.config->description->videoCodec;
    std::vector<std::uint8_t> units;
    std::span<const std::uint8_t> bytes = *packet.data;
    if (packet.track == Packet::Track::Video && hasNalUnits(codec)) {
        const std::span<const std::uint8_t> record = mine.config->data ? *mine.config->data : std::span<const std::uint8_t>{};
        units = containedUnits(packet, record, codec,
                               options_.format == MuxerFormat::MpegTs ? NalForm::StartCodes : NalForm::Lengths);
        if (units.empty()) return Error{Code::TransferFailed, "a picture that is no sequence of NAL units"};
        bytes = units;
    }
    PacketPtr out(av_packet_alloc());
    if (!out || av_new_packet(out.get(), static_cast<int>(bytes.size())) < 0)
        return Error{Code::InternalFailure, "out of memory"};
    std::ranges::copy(bytes, out->data);
    const auto& stream = *output_->context->streams[mine.index];
    const auto stamp = [&](Timestamp time) { return av_rescale_q(time.count(), kMicroseconds, stream.time_base); };
    out->stream_index = mine.index;
    out->dts = stamp(packet.dts - zero_);
    if (fromZero) out->dts = std::max<std::int64_t>(out->dts, 0);
    if (mine.written) out->dts = std::max(out->dts, mine.lastDts + 1);  // where two fall on one tick
    out->pts = std::max(stamp(packet.pts - zero_), out->dts);
    out->duration = stamp(duration);
    if (packet.kind == Packet::Kind::Key || packet.track == Packet::Track::Audio) out->flags |= AV_PKT_FLAG_KEY;
    mine.lastDts = out->dts;
    const auto pts = out->pts;
    mine.before = packet.dts;
    mine.written = true;
    if (const int code = avformat().av_write_frame(output_->context, out.get()); code < 0)
        return Error{Code::TransferFailed,
                     "a packet that " + std::string(shownName(options_.format)) + " does not take (" + avText(code) + ")", code};
    output_->lasts = std::max(output_->lasts, (packet.pts - zero_ + duration).count());
    // What was before has gone out, so that the next fragment begins with it.
    if (output_->index && mine.index == 0 && packet.track == Packet::Track::Video && packet.kind == Packet::Kind::Key)
        output_->index->addKey(pts, output_->end);
    return {};
}

Result<void> Muxer::finish() {
    if (!begun()) return {};
    auto& out = *output_;
    const int code = avformat().av_write_trailer(out.context);
    avformat().avio_flush(out.io);
    if (out.index && code >= 0) {
        out.put(out.index->atEnd());
        const auto patch = out.index->duration(out.lasts);
        if (patch && options_.patches) sink_(patch->at, patch->bytes);
    }
    for (auto& stream : streams_) stream.index = -1;
    output_->headed = false;
    if (code < 0)
        return Error{Code::TransferFailed, std::string(shownName(options_.format)) + " can't be completed (" + avText(code) + ")",
                     code};
    return {};
}

}  // namespace livepusher::capture
