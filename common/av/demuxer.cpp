// SPDX-License-Identifier: MIT
#include "av/demuxer.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/ascii.hpp"
#include "base/log.hpp"
#include "base/place.hpp"
#include "base/plain_locale.hpp"
#include "net/http_stream.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

using std::chrono::milliseconds;

constexpr Timestamp kOpenLimit{10'000'000};
constexpr milliseconds kAnswer{10'000};
constexpr int kMostUnreadable = 10;  // places in a row
constexpr unsigned kProbeBytes = 1U << 20U;
constexpr std::int64_t kLiveProbe = 512 << 10;     // bytes, and
constexpr std::int64_t kLiveAnalysis = 1'500'000;  // µs: more would be delay
constexpr std::array<std::string_view, 8> kPictures{"jpg", "jpeg", "jpe", "png", "bmp", "webp", "tif", "tiff"};

/// What the name's ending says of a format, in a name that means nothing else. Pictures tell it themselves.
std::string probeName(std::string_view name) {
    name = name.substr(0, name.find_first_of("?#"));
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || name.size() - dot > 8) return {};
    std::string ending;
    for (const char c : name.substr(dot + 1)) {
        if (!base::isLetterOrDigit(c)) return {};
        ending += base::lower(c);
    }
    return std::ranges::find(kPictures, ending) == kPictures.end() ? "input." + ending : std::string();
}

}  // namespace

Demuxer::Demuxer(Options options)
    : options_(std::move(options)),
      label_(options_.label.empty() ? "file \"" + base::publicName(options_.target) + "\"" : options_.label),
      io_({.network = options_.network, .interrupted = [this] { return interrupted(); }, .waiting = options_.waiting}) {}

Demuxer::~Demuxer() { close(); }

Error Demuxer::failed(const std::string& what, int native) const { return {Code::SourceFailed, label_ + ": " + what, native}; }

void Demuxer::close() {
    format_.reset();
    io_.close();
    streams_ = {-1, -1};
}

void Demuxer::cancel() {
    cancelled_ = true;
    io_.cancel();
}

bool Demuxer::interrupted() const {
    if (cancelled_ || (options_.cancel && options_.cancel->load(std::memory_order_relaxed))) return true;
    return deadline_ != Timestamp{} && now() > deadline_;
}

Result<void> Demuxer::openLocal(const std::string& path) {
    struct stat info {};
    const bool standardInput = options_.target == "-";
    if (!standardInput && stat(path.c_str(), &info) != 0)
        return failed(errno == ENOENT ? "there is no such file" : std::generic_category().message(errno), errno);
    if (S_ISDIR(info.st_mode)) return failed("is a directory, not a media file", EISDIR);
    pipe_ = standardInput || !S_ISREG(info.st_mode);
    kind_ = pipe_ ? Kind::Unknown : Kind::File;
    auto opened = pipe_ ? io_.openPipe(path) : io_.openFile(path);
    if (opened || pipe_) return opened;  // a pipe's error has its name in it
    return failed(opened.error().message, opened.error().native);
}

Result<void> Demuxer::openIo() {
    const auto scheme = base::schemeOf(options_.target);
    url_ = pipe_ = false;
    path_.clear();
    if (options_.http) {
        if (auto opened = options_.http->open(); !opened) return failed(opened.error().message, opened.error().native);
        return io_.openHttp(*options_.http);
    }
    if (scheme.empty()) {
        path_ = options_.target;
        return openLocal(path_);
    }
    url_ = scheme != "http" && scheme != "https";
    if (url_) {
        warnOfOwnWay(label_, options_.target, options_.network);
        return {};
    }
    if (auto opened = io_.openHttp({.url = options_.target, .within = kAnswer, .resume = true}); !opened)
        return failed("can't be opened: " + opened.error().message, opened.error().native);
    kind_ = io_.http()->size() ? Kind::File : Kind::Unknown;
    return {};
}

/// What is read through us is looked at first: under its own name libav would take "x%d.png" for a row of files.
Result<const AVInputFormat*> Demuxer::probe() {
    if (!io_.context()) return static_cast<const AVInputFormat*>(nullptr);
    const AVInputFormat* kind = nullptr;
    const auto look = [&](const std::string& name) {
        return avformat().av_probe_input_buffer2(io_.context(), &kind, name.c_str(), nullptr, 0, kProbeBytes);
    };
    int error = look(probeName(path_.empty() ? options_.target : path_));
    if (error >= 0 && kind && std::string_view(kind->name) == "image2") error = look({});
    if (error < 0) return openError(error);
    // libav has a player for text, as terminals of old drew pictures with it: a stranger's list or log would go on air.
    if (kind && std::string_view(kind->name) == "tty") return failed("is a text, not a media file", AVERROR_INVALIDDATA);
    return kind;
}

Error Demuxer::openError(int error) const {
    if (io_.http() && io_.http()->failure() && io_.http()->failure()->code != Code::Cancelled)
        return failed(io_.http()->failure()->message, error);
    if (error == AVERROR(EPERM)) return failed("is a list of other files: must be one media file", error);
    if (error == AVERROR_INVALIDDATA || error == AVERROR(EINVAL) || options_.http)
        return failed("is not a media file that can be read, or is damaged", error);
    if (error == AVERROR_EXIT) return failed("no answer within 10 s", error);
    return failed("can't be opened: " + avText(error), error);
}

Result<void> Demuxer::openFormat(const AVInputFormat* kind) {
    format_.reset(avformat().avformat_alloc_context());
    auto* context = format_.get();
    if (!context) return failed("out of memory", AVERROR(ENOMEM));
    context->interrupt_callback = {[](void* self) { return static_cast<Demuxer*>(self)->interrupted() ? 1 : 0; }, this};
    context->pb = io_.context();
    io_.serveLists(*context, !path_.empty());
    AVDictionary* settings = nullptr;
    if (url_) {
        av_dict_set_int(&settings, "rw_timeout", kOpenLimit.count(), 0);
        av_dict_set(&settings, "tls_verify", "1", 0);
        if (const auto& ca = options_.network.caFile; !ca.empty()) av_dict_set(&settings, "ca_file", ca.c_str(), 0);
        if (options_.target.starts_with("rtsp")) av_dict_set(&settings, "rtsp_flags", "prefer_tcp", 0);
    }
    if (options_.http) av_dict_set(&settings, "protocol_whitelist", "none", 0);
    if (kind && std::string_view(kind->name) == "hls") {
        // Each piece through us, and a live list from its newest piece on.
        av_dict_set(&settings, "http_persistent", "0", 0);
        av_dict_set(&settings, "http_multiple", "0", 0);
        av_dict_set(&settings, "live_start_index", "-1", 0);
        if (path_.empty())
            av_dict_set(&settings, "protocol_whitelist", "http,https,crypto,data", 0);  // no tcp: not by libav itself
    }
    if (url_ || kind_ != Kind::File) {
        context->probesize = kLiveProbe;
        context->max_analyze_duration = kLiveAnalysis;
        context->fps_probe_size = 0;
    }
    const auto name = path_.empty() ? options_.target : "file:" + path_;
    context = format_.release();  // libav frees it when it can't open
    const int error =
        avformat().avformat_open_input(&context, pipe_ ? "" : name.c_str(), const_cast<AVInputFormat*>(kind), &settings);
    av_dict_free(&settings);
    if (error < 0) return openError(error);
    format_.reset(context);
    return {};
}

Result<void> Demuxer::openInput() {
    if (auto reached = openIo(); !reached) return reached;
    const auto kind = probe();
    if (!kind) return kind.error();
    return openFormat(*kind);
}

void Demuxer::findKind() {
    const bool length = format_->duration > 0;
    const std::string_view kind = format_->iformat->name;
    const bool list = kind == "hls" || kind == "dash";
    pieces_ = list;
    if (list && path_.empty()) kind_ = length ? Kind::File : Kind::Live;
    if (url_) kind_ = length && format_->pb && format_->pb->seekable != 0 ? Kind::File : Kind::Live;
}

Result<void> Demuxer::open() {
    const base::PlainLocale plain;
    if (auto loaded = loadAvformat(); !loaded) return loaded;
    routeLibavLog();
    close();
    begun_ = false;
    unreadable_ = 0;
    kind_ = Kind::File;
    // A pipe may be waited for as long as its writer takes.
    const bool waits = deadline_ == Timestamp{};
    if (waits) deadline_ = now() + kOpenLimit;
    auto opened = openInput();
    if (opened) {
        if (pipe_ && waits) deadline_ = {};
        const int error = avformat().avformat_find_stream_info(format_.get(), nullptr);
        if (error < 0) opened = failed("its streams can't be read: " + avText(error), error);
    }
    if (waits) deadline_ = {};
    if (opened) {
        findKind();
        chooseStreams();
        if (streams_[0] < 0 && streams_[1] < 0 && !warned_.empty())
            opened = failed("nothing in it can be decoded: " + warned_, 0);
    }
    if (!opened) close();
    return opened;
}

AVStream* Demuxer::stream(Track track) const {
    const int number = streams_[index(track)];
    return number < 0 || !format_ ? nullptr : format_->streams[number];
}

int Demuxer::read(PacketPtr& packet, Track& track) {
    const base::PlainLocale plain;  // lists are read again on the way
    if (!packet) packet.reset(av_packet_alloc());
    if (!packet) return AVERROR(ENOMEM);
    for (;;) {
        av_packet_unref(packet.get());
        if (const int error = avformat().av_read_frame(format_.get(), packet.get()); error < 0) {
            if (error == AVERROR(EAGAIN) && !interrupted()) continue;
            // Some demuxers stop at what they can't read and find their way when they are asked again.
            if (error == AVERROR_INVALIDDATA && kind_ == Kind::File && unreadable_++ < kMostUnreadable && !interrupted())
                continue;
            // Some demuxers take a connection that broke for the file's end.
            if (error == AVERROR_EOF && interrupted()) return AVERROR_EXIT;
            if (error == AVERROR_EOF && io_.http() && io_.http()->failure()) return AVERROR(EIO);
            return error;
        }
        unreadable_ = 0;
        for (const auto wanted : kTracks)
            if (options_.tracks[index(wanted)] && packet->stream_index == streams_[index(wanted)]) {
                track = wanted;
                return 0;
            }
    }
}

Error Demuxer::readError(int error) const {
    if (error == AVERROR_EXIT) return failed("no more data came", error);
    if (io_.http() && io_.http()->failure()) return failed("reading broke off: " + io_.http()->failure()->message, error);
    if (error == AVERROR_EOF) return failed("the stream has ended", error);
    if (error == AVERROR_INVALIDDATA && io_.http() && !io_.http()->seekable())
        return failed(
            "what follows can't be read, and the server does not serve parts of a file (Range); an MP4 needs its index in "
            "front there (ffmpeg -movflags +faststart)",
            error);
    return failed("reading broke off: " + avText(error), error);
}

int Demuxer::next(Track track, PacketPtr& packet) {
    for (;;) {
        if (interrupted()) return AVERROR_EXIT;
        Track of{};
        packet.reset();
        if (const int error = read(packet, of); error < 0) {
            packet.reset();
            return error;
        }
        if (of == track) break;
    }
    const auto base = stream(track)->time_base;
    const auto time = [&](std::int64_t stamp) {
        return stamp == AV_NOPTS_VALUE ? std::nullopt : std::optional(timestampOf(stamp, base));
    };
    const Timeline::Stamps stamps{time(packet->pts), time(packet->dts), timestampOf(packet->duration, base)};
    if (!stamps.pts && !stamps.dts) return 0;
    if (!std::exchange(begun_, true)) {
        const auto first = stamps.dts ? *stamps.dts : *stamps.pts;
        timeline_ = {};
        timeline_.begin(first, first);
    }
    const auto place = timeline_.place(track, stamps);
    const auto step = place.pts && stamps.pts ? *place.pts - *stamps.pts : place.dts - (stamps.dts ? *stamps.dts : *stamps.pts);
    if (step == Timestamp{}) return 0;
    const auto shift = av_rescale_q(step.count(), kMicroseconds, base);
    if (packet->pts != AV_NOPTS_VALUE) packet->pts += shift;
    if (packet->dts != AV_NOPTS_VALUE) packet->dts += shift;
    return 0;
}

bool Demuxer::seek(Track track, std::int64_t position) {
    begun_ = false;
    const auto* joined = stream(track);
    const auto at = av_rescale_q_rnd(position, kMicroseconds, joined->time_base, AV_ROUND_DOWN);
    return avformat().avformat_seek_file(format_.get(), joined->index, INT64_MIN, at, at, 0) >= 0;
}

Result<void> Demuxer::rewind() {
    begun_ = false;
    if (pipe_) return failed("can't loop: a pipe can't be read a second time", 0);
    auto* context = format_.get();
    const auto start = context->start_time != AV_NOPTS_VALUE ? context->start_time : 0;
    // Formats whose time stamps jump are found by position, all others by time.
    const bool byPosition = (context->iformat->flags & AVFMT_TS_DISCONT) != 0 && context->pb;
    const int error = byPosition ? avformat().avformat_seek_file(context, -1, INT64_MIN, 0, INT64_MAX, AVSEEK_FLAG_BYTE)
                                 : avformat().avformat_seek_file(context, -1, INT64_MIN, start, start, 0);
    return error >= 0 ? Result<void>() : open();
}

}  // namespace livepusher::capture
