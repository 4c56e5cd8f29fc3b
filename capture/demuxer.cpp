// SPDX-License-Identifier: MIT
#include "capture/demuxer.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "capture/http_stream.hpp"
#include "capture/spec.hpp"

extern "C" {
#include <libavutil/time.h>
}

namespace livepusher::capture {
namespace {

constexpr std::int64_t kOpenLimit = 10'000'000;  // µs, and for each read from the network
constexpr std::int64_t kJump = 10'000'000;       // µs: a time stamp so far off is a new count, no gap
constexpr std::size_t kMaxQueued = 64U << 20U;
constexpr int kIoBuffer = 64 << 10;

bool isUrl(std::string_view target) { return target.find("://") != std::string_view::npos && !target.starts_with("file:"); }

}  // namespace

Demuxer::Demuxer(Options options)
    : options_(std::move(options)),
      label_(options_.label.empty() ? "file \"" + publicName(options_.target) + "\"" : options_.label),
      network_(!options_.http && isUrl(options_.target)) {}

Demuxer::~Demuxer() {
    queues_ = {};
    close();
}

Error Demuxer::failed(const std::string& what, int native) const { return {Code::SourceFailed, label_ + ": " + what, native}; }

void Demuxer::close() {
    format_.reset();
    if (!io_) return;
    av_freep(&io_->buffer);
    avformat().avio_context_free(&io_);
}

int Demuxer::interrupted(void* self) {
    const auto& demuxer = *static_cast<const Demuxer*>(self);
    if (!demuxer.network_) return 0;  // a local read that is broken off may leave the demuxer in mid-packet
    if (demuxer.options_.cancel && demuxer.options_.cancel->load(std::memory_order_relaxed)) return 1;
    return demuxer.openDeadline_ != 0 && av_gettime_relative() > demuxer.openDeadline_;
}

int Demuxer::readFd(void* self, std::uint8_t* data, int size) {
    const iovec part{data, static_cast<std::size_t>(size)};
    const auto outcome = static_cast<Demuxer*>(self)->fd_.read(&part, 1);
    switch (outcome.status) {
        case FdReader::Status::Data: return static_cast<int>(outcome.bytes);
        case FdReader::Status::Ended: return AVERROR_EOF;
        case FdReader::Status::Cancelled: return AVERROR_EXIT;
        case FdReader::Status::Failed: break;
    }
    return AVERROR(outcome.error);
}

int Demuxer::readHttp(void* self, std::uint8_t* data, int size) {
    const auto got = static_cast<Demuxer*>(self)->options_.http->read({data, static_cast<std::size_t>(size)});
    if (!got) return got.error().code == Code::Cancelled ? AVERROR_EXIT : AVERROR(EIO);
    return *got == 0 ? AVERROR_EOF : static_cast<int>(*got);
}

std::int64_t Demuxer::seekHttp(void* self, std::int64_t offset, int whence) {
    auto& http = *static_cast<Demuxer*>(self)->options_.http;
    const auto size = http.size();
    if (whence == AVSEEK_SIZE) return size ? *size : AVERROR(ENOSYS);
    if (whence == SEEK_CUR) offset += http.position();
    if (whence == SEEK_END && !size) return AVERROR(ENOSYS);
    if (whence == SEEK_END) offset += *size;
    return http.seek(offset) ? offset : AVERROR(ENOSYS);
}

int Demuxer::refuseOther(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EPERM); }

Result<void> Demuxer::openFile() {
    struct stat info {};
    const bool standardInput = options_.target == "-";
    const auto path = options_.target.starts_with("file:") ? options_.target.substr(5) : options_.target;
    if (!standardInput && stat(path.c_str(), &info) != 0)
        return failed(errno == ENOENT ? "there is no such file" : std::generic_category().message(errno), errno);
    if (S_ISDIR(info.st_mode)) return failed("is a directory, not a media file", EISDIR);
    if (!standardInput && !S_ISFIFO(info.st_mode)) return {};
    pipe_ = true;
    if (auto opened = fd_.open(standardInput ? options_.target : path); !opened) return opened;
    auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBuffer));
    io_ = avformat().avio_alloc_context(buffer, kIoBuffer, 0, this, readFd, nullptr, nullptr);
    return {};
}

Result<void> Demuxer::openHttp() {
    if (auto opened = options_.http->open(); !opened) return failed(opened.error().message, opened.error().native);
    auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBuffer));
    io_ = avformat().avio_alloc_context(buffer, kIoBuffer, 0, this, readHttp, nullptr, seekHttp);
    if (!io_) return failed("out of memory", AVERROR(ENOMEM));
    io_->seekable = options_.http->seekable() ? AVIO_SEEKABLE_NORMAL : 0;
    return {};
}

Result<void> Demuxer::openInput() {
    auto reached = options_.http ? openHttp() : network_ ? Result<void>() : openFile();
    if (!reached) return reached;
    format_.reset(avformat().avformat_alloc_context());
    format_->interrupt_callback = {interrupted, this};
    format_->pb = io_;
    AVDictionary* settings = nullptr;
    if (network_) av_dict_set_int(&settings, "rw_timeout", kOpenLimit, 0);
    if (options_.http) {
        // A list of other files would be fetched by libav, which verifies no certificate, or be of the local disk.
        format_->io_open = refuseOther;
        av_dict_set(&settings, "protocol_whitelist", "none", 0);
    }
    openDeadline_ = av_gettime_relative() + kOpenLimit;
    auto* context = format_.release();  // libav frees it when it can't open
    const int error = avformat().avformat_open_input(&context, io_ ? nullptr : options_.target.c_str(), nullptr, &settings);
    av_dict_free(&settings);
    if (error >= 0) {
        format_.reset(context);
        return {};
    }
    if (options_.http && options_.http->failure()) return failed(options_.http->failure()->message, error);
    if (error == AVERROR(EPERM) && options_.http) return failed("is a list of other files: must be one media file", error);
    if (error == AVERROR_INVALIDDATA || error == AVERROR(EINVAL) || options_.http)
        return failed("is no media file that can be read, or it is damaged", error);
    if (error == AVERROR_EXIT) return failed("no answer within 10 s", error);
    return failed("can't be opened: " + avText(error), error);
}

Result<void> Demuxer::open() {
    if (auto loaded = loadAvformat(); !loaded) return loaded;
    routeLibavLog();
    close();
    if (auto opened = openInput(); !opened) return opened;
    auto* context = format_.get();
    const int error = avformat().avformat_find_stream_info(context, nullptr);
    openDeadline_ = 0;
    if (error < 0) return failed("its streams can't be read: " + avText(error), error);
    for (unsigned i = 0; i < context->nb_streams; ++i) context->streams[i]->discard = AVDISCARD_ALL;
    int related = -1;
    for (const auto track : kTracks) {
        const auto type = track == Track::Video ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO;
        const int found = avformat().av_find_best_stream(context, type, -1, related, nullptr, 0);
        if (found < 0 || (context->streams[found]->disposition & AV_DISPOSITION_ATTACHED_PIC)) continue;
        related = found;
        queues_[index(track)].stream = found;
        if (options_.tracks[index(track)]) context->streams[found]->discard = AVDISCARD_DEFAULT;
    }
    return {};
}

AVStream* Demuxer::stream(Track track) const {
    const int number = queues_[index(track)].stream;
    return number < 0 ? nullptr : format_->streams[number];
}

void Demuxer::clear(Queue& queue) {
    queue.packets.clear();
    queue.bytes = 0;
}

void Demuxer::mendTime(Queue& queue, AVPacket& packet) {
    const auto base = format_->streams[packet.stream_index]->time_base;
    const auto dts = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (dts == AV_NOPTS_VALUE) return;
    auto time = av_rescale_q(dts, base, kMicroseconds) + shift_;
    if ((format_->iformat->flags & AVFMT_TS_DISCONT) && queue.lastDts != AV_NOPTS_VALUE &&
        (time - queue.lastDts > kJump || queue.lastDts - time > kJump)) {
        const auto expected = queue.lastDts + av_rescale_q(packet.duration, base, kMicroseconds);
        shift_ += expected - time;
        time = expected;
    }
    queue.lastDts = time;
    const auto shift = av_rescale_q(shift_, kMicroseconds, base);
    if (packet.pts != AV_NOPTS_VALUE) packet.pts += shift;
    if (packet.dts != AV_NOPTS_VALUE) packet.dts += shift;
}

void Demuxer::keep(Track track, PacketPtr packet) {
    auto& queue = queues_[index(track)];
    const bool key = (packet->flags & AV_PKT_FLAG_KEY) != 0;
    if (!queue.active && track == Track::Video && key && !queue.packets.empty()) {
        clear(queue);
        queue.broken = true;
    }
    if (!queue.active && (queue.bytes > kMaxQueued / 4 || (track == Track::Audio && queue.packets.size() > 200))) {
        clear(queue);
        queue.broken = true;
        queue.needKey = true;
    }
    if (queue.needKey && !key) return;
    queue.needKey = false;
    queue.bytes += static_cast<std::size_t>(packet->size);
    queue.packets.push_back(std::move(packet));
}

int Demuxer::readOne() {
    PacketPtr packet(av_packet_alloc());
    if (!packet) return AVERROR(ENOMEM);
    if (const int error = avformat().av_read_frame(format_.get(), packet.get()); error < 0) {
        needsReopen_ = error == AVERROR_EXIT && network_;
        return error;
    }
    for (const auto track : kTracks) {
        auto& queue = queues_[index(track)];
        if (packet->stream_index != queue.stream || !options_.tracks[index(track)]) continue;
        mendTime(queue, *packet);
        keep(track, std::move(packet));
        break;
    }
    return 0;
}

int Demuxer::next(Track track, PacketPtr& packet) {
    auto& queue = queues_[index(track)];
    while (queue.packets.empty()) {
        if (options_.cancel && options_.cancel->load(std::memory_order_relaxed)) return AVERROR_EXIT;
        if (const int error = readOne(); error < 0) return error;
        if (queues_[0].bytes + queues_[1].bytes > kMaxQueued) return AVERROR(ENOBUFS);
    }
    packet = std::move(queue.packets.front());
    queue.packets.pop_front();
    queue.bytes -= static_cast<std::size_t>(packet->size);
    return 0;
}

void Demuxer::forget() {
    for (auto& queue : queues_) {
        clear(queue);
        queue.needKey = queue.broken = false;
        queue.lastDts = AV_NOPTS_VALUE;
    }
    shift_ = 0;
}

bool Demuxer::seek(Track track, std::int64_t position) {
    forget();
    const auto* joined = stream(track);
    const auto at = av_rescale_q_rnd(position, kMicroseconds, joined->time_base, AV_ROUND_DOWN);
    return avformat().avformat_seek_file(format_.get(), joined->index, INT64_MIN, at, at, 0) >= 0;
}

Result<void> Demuxer::rewind() {
    forget();
    if (pipe_) return failed("can't begin again: it is no file that can be read twice", 0);
    auto* context = format_.get();
    const auto start = context->start_time != AV_NOPTS_VALUE ? context->start_time : 0;
    // Formats whose time stamps jump are found by position, all others by time.
    const bool byPosition = (context->iformat->flags & AVFMT_TS_DISCONT) != 0;
    const int error = byPosition ? avformat().avformat_seek_file(context, -1, INT64_MIN, 0, INT64_MAX, AVSEEK_FLAG_BYTE)
                                 : avformat().avformat_seek_file(context, -1, INT64_MIN, start, start, 0);
    if (error >= 0) return {};
    if (auto opened = reopen(std::nullopt); !opened) return opened.error();
    return {};
}

Result<bool> Demuxer::reopen(std::optional<std::int64_t> position) {
    const std::array<bool, 2> active{queues_[0].active, queues_[1].active};
    for (auto& queue : queues_) queue = {};
    shift_ = 0;
    needsReopen_ = false;
    if (auto opened = open(); !opened) return opened.error();
    for (const auto track : kTracks) setActive(track, active[index(track)]);
    if (!position) return true;
    return format_->duration > 0 && avformat().avformat_seek_file(format_.get(), -1, INT64_MIN, *position, *position, 0) >= 0;
}

}  // namespace livepusher::capture
