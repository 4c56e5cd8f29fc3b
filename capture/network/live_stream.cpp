// SPDX-License-Identifier: MIT
#include "capture/network/live_stream.hpp"

#include <chrono>
#include <cstring>
#include <utility>

#include "base/log.hpp"
#include "base/place.hpp"
#include "base/plain_locale.hpp"

namespace livepusher::capture {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kProbe = 64 << 10;   // bytes, for what tells its format only by its data
constexpr std::int64_t kReorder = 100'000;  // µs to wait for a packet of UDP that was overtaken
constexpr milliseconds kStreamSilence{2000};
constexpr std::size_t kMaxPicture = std::size_t{16} << 20U;

bool hasUser(const std::string& url) {
    const auto begin = url.find("://") + 3;
    return url.substr(begin, url.find('/', begin) - begin).find('@') != std::string::npos;
}

}  // namespace

LiveStream::LiveStream(Options options)
    : options_(std::move(options)),
      io_({.network = options_.network, .interrupted = [this] { return interrupted(this) != 0; }}) {}

LiveStream::~LiveStream() { close(); }

void LiveStream::close() {
    begun_.reset();
    format_.reset();
    io_.close();
    stream_ = -1;
}

void LiveStream::cancel() {
    cancelled_ = true;
    io_.cancel();
}

int LiveStream::interrupted(void* self) {
    const auto& stream = *static_cast<const LiveStream*>(self);
    return stream.cancelled_ || now() > stream.limit_.until ? 1 : 0;
}

int LiveStream::refuseOther(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EPERM); }

Result<const AVInputFormat*> LiveStream::httpFormat() const {
    auto type = io_.http()->contentType();
    type = type.substr(0, type.find(';'));
    if (type.starts_with("multipart/")) return avformat().av_find_input_format("mpjpeg");
    if (type.starts_with("image/"))
        return failed("is a single picture (" + type + "): must be a stream, as multipart/x-mixed-replace is");
    if (type.starts_with("text/")) return failed("is a page or a text (" + type + "): must be a camera's stream");
    return static_cast<const AVInputFormat*>(nullptr);
}

Result<void> LiveStream::openFormat() {
    const AVInputFormat* kind = nullptr;
    AVDictionary* settings = nullptr;
    if (base::isHttp(options_.url)) {
        const auto left = std::chrono::ceil<milliseconds>(limit_.until - now());
        if (auto opened = io_.openHttp({.url = options_.url, .within = left, .live = true, .silence = kStreamSilence}); !opened)
            return explainHttp(opened.error());
        const auto known = httpFormat();
        if (!known) return known.error();
        kind = *known;
        av_dict_set(&settings, "protocol_whitelist", "none", 0);
    } else {
        av_dict_set(&settings, "rtsp_flags", "prefer_tcp", 0);
        av_dict_set(&settings, "allowed_media_types", "video", 0);
        av_dict_set(&settings, "user_agent", "livepusher", 0);
    }
    auto* context = avformat().avformat_alloc_context();
    context->interrupt_callback = {interrupted, this};
    auto* const io = context->pb = io_.context();
    context->flags |= AVFMT_FLAG_NOBUFFER;
    context->probesize = kProbe;
    context->format_probesize = static_cast<int>(kProbe);
    context->max_delay = kReorder;
    if (io) context->io_open = refuseOther;  // libav would fetch other files, verifying no certificate
    const int error = avformat().avformat_open_input(&context, io ? nullptr : options_.url.c_str(),
                                                     const_cast<AVInputFormat*>(kind), &settings);
    av_dict_free(&settings);
    if (error < 0) return broken(error);
    format_.reset(context);  // libav has freed it when it could not open
    return {};
}

Result<void> LiveStream::open(const Limit& limit) {
    const base::PlainLocale plain;
    if (auto loaded = loadAvformat(); !loaded) return failed(loaded.error().message);
    routeLibavLog();
    close();
    pieces_ = false;
    limit_ = limit;
    if (cancelled_) return explain(AVERROR_EXIT);
    if (!base::isHttp(options_.url) && !options_.url.starts_with("rtsp://") && !options_.url.starts_with("rtsps://"))
        return failed("a network camera's URL must begin with rtsp://, rtsps://, http:// or https://");
    if (!base::isHttp(options_.url) && !std::exchange(warned_, true)) {
        warnOfOwnWay(options_.label, options_.url, options_.network);
        if (options_.url.starts_with("rtsps:"))
            base::log(LogLevel::Warning, options_.label + ": rtsps is encrypted, but the camera's certificate can't be verified");
    }
    if (auto opened = openFormat(); !opened) {
        close();
        return opened;
    }
    auto* context = format_.get();
    if ((context->ctx_flags & AVFMTCTX_NOHEADER) != 0) return {};  // what is in it only its packets tell
    for (unsigned i = 0; i < context->nb_streams; ++i) {
        const auto& parameters = *context->streams[i]->codecpar;
        if (parameters.codec_type != AVMEDIA_TYPE_VIDEO) continue;
        // libav's parser would hand out, as a picture, what had come of it when the connection broke.
        pieces_ = !io_.context() && (parameters.codec_id == AV_CODEC_ID_H264 || parameters.codec_id == AV_CODEC_ID_HEVC);
        if (pieces_) context->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
        return {};
    }
    close();
    return failed("there is no picture in it");
}

Result<PacketPtr> LiveStream::read(const Limit& limit) {
    limit_ = limit;
    PacketPtr packet(av_packet_alloc());
    if (!packet) return failed("out of memory", AVERROR(ENOMEM));
    for (;;) {
        if (const int error = avformat().av_read_frame(format_.get(), packet.get()); error < 0) {
            if (error == AVERROR(EAGAIN) && interrupted(this) == 0) continue;
            return broken(error);
        }
        // When it gives up waiting, libav hands out what its parser still holds: that is no sign of life.
        if (interrupted(this) != 0) return explain(AVERROR_EXIT);
        const auto* stream = format_->streams[packet->stream_index];
        if (stream_ < 0 && stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO) stream_ = packet->stream_index;
        if (packet->stream_index == stream_ && (!pieces_ || isWhole(packet))) return packet;
        if (!packet) packet.reset(av_packet_alloc());
        if (!packet) return failed("out of memory", AVERROR(ENOMEM));
        av_packet_unref(packet.get());
    }
}

/// A picture is whole when a piece of another comes: that one is kept, and `packet` becomes the picture.
bool LiveStream::isWhole(PacketPtr& packet) {
    if (begun_ && packet->pts != begun_->pts && packet->pts != AV_NOPTS_VALUE) {
        packet.swap(begun_);
        return true;
    }
    if (!begun_) {
        begun_ = std::move(packet);
        return false;
    }
    const auto size = static_cast<std::size_t>(begun_->size);
    if (size + static_cast<std::size_t>(packet->size) > kMaxPicture || av_grow_packet(begun_.get(), packet->size) < 0) {
        begun_.reset();  // damaged: no picture is so large
        return false;
    }
    std::memcpy(begun_->data + size, packet->data, static_cast<std::size_t>(packet->size));
    return false;
}

Error LiveStream::failed(const std::string& what, int native) const {
    return {Code::CameraFailed, options_.label + ": " + what, native};
}

Error LiveStream::explain(int error) const {
    const auto limit = std::to_string(limit_.length.count() / 1'000'000) + " s";
    if (cancelled_) return {Code::Cancelled, options_.label + ": given up while it was waited for", error};
    switch (error) {
        case AVERROR_EXIT:
        case AVERROR(ETIMEDOUT): return failed(format_ ? "no picture came for " + limit : "no answer within " + limit, error);
        case AVERROR_EOF: return failed("the camera has ended the stream or closed the connection", error);
        case AVERROR(ECONNREFUSED): return failed("refuses the connection: check address and port", error);
        case AVERROR(EHOSTUNREACH):
        case AVERROR(ENETUNREACH): return failed("can't be reached: check its address and the network", error);
        case AVERROR(ECONNRESET):
        case AVERROR(EPIPE): return failed("the connection was lost", error);
        case AVERROR(EIO):
            return failed(format_ ? "the connection was lost" : "can't be reached, or hung up: check its name and address",
                          error);
        case AVERROR_HTTP_UNAUTHORIZED:
            return failed(hasUser(options_.url)
                              ? "does not take this user and password (401)"
                              : "wants a user and a password (401): " + options_.url.substr(0, options_.url.find("://")) +
                                    "://USER:PASSWORD@HOST/…",
                          error);
        case AVERROR_HTTP_FORBIDDEN: return failed("does not allow it (403)", error);
        case AVERROR_HTTP_NOT_FOUND: return failed("has no such stream (404): check the path", error);
        case AVERROR_HTTP_BAD_REQUEST:
        case AVERROR_HTTP_OTHER_4XX:
        case AVERROR_HTTP_SERVER_ERROR: return failed("refuses the request: is it a camera? (" + avText(error) + ")", error);
        case AVERROR(EPROTONOSUPPORT): return failed("gives the stream neither over TCP nor over UDP", error);
        case AVERROR_PROTOCOL_NOT_FOUND:
            return failed("this libavformat can't do that protocol: must be rtsp, rtsps, http or https", error);
        case AVERROR_DEMUXER_NOT_FOUND:
        case AVERROR_INVALIDDATA: return failed("answers, but not as a camera that can be understood", error);
        default: return failed("can't be used: " + avText(error), error);
    }
}

Error LiveStream::explainHttp(const Error& error) const {
    if (error.code == Code::Cancelled || cancelled_) return explain(AVERROR_EXIT);
    switch (error.native) {
        case 401: return explain(AVERROR_HTTP_UNAUTHORIZED);
        case 403: return explain(AVERROR_HTTP_FORBIDDEN);
        case 404: return explain(AVERROR_HTTP_NOT_FOUND);
        default: return failed(error.message, error.native);
    }
}

/// What libav makes of its being interrupted differs from place to place.
Error LiveStream::broken(int error) const {
    if (io_.http() && io_.http()->failure()) return explainHttp(*io_.http()->failure());
    return explain(now() > limit_.until ? AVERROR_EXIT : error);
}

}  // namespace livepusher::capture
