// SPDX-License-Identifier: MIT
#include "av/media_io.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include "av/decryption.hpp"
#include "base/place.hpp"

namespace livepusher::capture {
namespace {

constexpr int kBuffer = 64 << 10;
constexpr std::size_t kEncrypted = 7;  // characters of "crypto+" and "crypto:", before the URL or path of what is encrypted

Error failed(int error) {
    return {Code::SourceFailed, error == ENOENT ? "there is no such file" : std::generic_category().message(error), error};
}

int readFile(int fd, std::uint8_t* data, int size) {
    for (;;) {
        const auto got = ::read(fd, data, static_cast<std::size_t>(size));
        if (got > 0) return static_cast<int>(got);
        if (got == 0) return AVERROR_EOF;
        if (errno != EINTR) return AVERROR(errno);
    }
}

std::int64_t seekFile(int fd, std::int64_t offset, int whence) {
    if (whence == AVSEEK_SIZE) {
        struct stat info {};
        return fstat(fd, &info) == 0 ? static_cast<std::int64_t>(info.st_size) : AVERROR(errno);
    }
    const auto at = ::lseek(fd, offset, whence & ~AVSEEK_FORCE);
    return at >= 0 ? at : AVERROR(errno);
}

int readHttp(HttpStream& http, std::uint8_t* data, std::size_t size) {
    const auto got = http.read({data, size});
    if (!got) return got.error().code == Code::Cancelled ? AVERROR_EXIT : AVERROR(EIO);
    return *got == 0 ? AVERROR_EOF : static_cast<int>(*got);
}

std::int64_t seekHttp(HttpStream& http, std::int64_t offset, int whence) {
    const auto size = http.size();
    whence &= ~AVSEEK_FORCE;
    if (whence == AVSEEK_SIZE) return size ? *size : AVERROR(ENOSYS);
    if (whence == SEEK_CUR) offset += http.position();
    if (whence == SEEK_END && !size) return AVERROR(ENOSYS);
    if (whence == SEEK_END) offset += *size;
    return http.seek(offset) ? offset : AVERROR(ENOSYS);
}

const char* settingOf(AVDictionary* settings, const char* name) {
    const auto* entry = av_dict_get(settings, name, nullptr, 0);
    return entry ? entry->value : "";
}

std::int64_t number(AVDictionary* settings, const char* name) { return std::strtoll(settingOf(settings, name), nullptr, 10); }

base::Descriptor openLocal(const std::string& path) {
    return base::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

/// Of what a local list names, libav writes "file:" before its own path, as it stands.
Result<std::string> localPathOf(const std::string& url) {
    if (url.starts_with("file:") && !url.starts_with("file://")) return url.substr(5);
    return base::localPath(url);
}

}  // namespace

/// One thing that a list has named.
struct MediaIo::Nested {
    explicit Nested(base::Descriptor local) : file(std::move(local)) {}
    explicit Nested(HttpStream::Options options) : http(std::make_unique<HttpStream>(std::move(options))) {}

    static int read(void* self, std::uint8_t* data, int size) {
        auto& nested = *static_cast<Nested*>(self);
        if (!nested.decryption) return nested.readAsItIs(data, size);
        return nested.decryption->read(data, size, [&](std::uint8_t* to, int most) { return nested.readAsItIs(to, most); });
    }
    int readAsItIs(std::uint8_t* data, int size) {
        const auto left = end - at;
        if (left <= 0) return AVERROR_EOF;
        const auto most = static_cast<int>(std::min<std::int64_t>(size, left));
        const int got = http ? readHttp(*http, data, static_cast<std::size_t>(most)) : readFile(file.get(), data, most);
        if (got > 0) at += got;
        return got;
    }
    static std::int64_t seek(void* self, std::int64_t offset, int whence) {
        auto& nested = *static_cast<Nested*>(self);
        const auto result = nested.http ? seekHttp(*nested.http, offset, whence) : seekFile(nested.file.get(), offset, whence);
        if ((whence & ~AVSEEK_FORCE) != AVSEEK_SIZE && result >= 0) nested.at = result;
        return result;
    }

    base::Descriptor file;
    std::unique_ptr<HttpStream> http;
    std::int64_t at = 0, end = std::numeric_limits<std::int64_t>::max();  ///< a part of it only
    std::optional<Decryption> decryption;
    IoPtr io;
};

void MediaIo::Deleter::operator()(AVIOContext* io) const {
    av_freep(&io->buffer);
    avformat().avio_context_free(&io);
}

MediaIo::MediaIo(Options options) : options_(std::move(options)) {}

MediaIo::~MediaIo() { close(); }

void MediaIo::close() {
    main_.reset();
    std::vector<std::unique_ptr<Nested>> gone;
    std::unique_ptr<HttpStream> http;
    {
        std::lock_guard lock(mutex_);
        gone.swap(nested_);
        http.swap(ownHttp_);
        http_ = nullptr;
    }
    file_ = {};
}

void MediaIo::cancel() {
    cancelled_ = true;
    pipe_.cancel();
    std::lock_guard lock(mutex_);
    if (http_) http_->cancel();
    for (const auto& nested : nested_)
        if (nested->http) nested->http->cancel();
}

MediaIo::IoPtr MediaIo::make(void* opaque, int (*read)(void*, std::uint8_t*, int), std::int64_t (*seek)(void*, std::int64_t, int),
                             bool seekable) const {
    auto* buffer = static_cast<unsigned char*>(av_malloc(kBuffer));
    if (!buffer) return nullptr;
    IoPtr io(avformat().avio_alloc_context(buffer, kBuffer, 0, opaque, read, nullptr, seek));
    if (!io) {
        av_free(buffer);
        return nullptr;
    }
    io->seekable = seekable ? AVIO_SEEKABLE_NORMAL : 0;
    return io;
}

Result<void> MediaIo::openFile(const std::string& path) {
    close();
    file_ = openLocal(path);
    if (!file_) return failed(errno);
    main_ = make(
        &file_,
        [](void* file, std::uint8_t* data, int size) {
            return readFile(static_cast<base::Descriptor*>(file)->get(), data, size);
        },
        [](void* file, std::int64_t offset, int whence) {
            return seekFile(static_cast<base::Descriptor*>(file)->get(), offset, whence);
        },
        true);
    return main_ ? Result<void>() : failed(ENOMEM);
}

Result<void> MediaIo::openPipe(const std::string& path) {
    close();
    if (auto opened = pipe_.open(path); !opened) return opened;
    main_ = make(
        this,
        [](void* self, std::uint8_t* data, int size) {
            auto& io = *static_cast<MediaIo*>(self);
            const iovec part{data, static_cast<std::size_t>(size)};
            const auto outcome = io.pipe_.read(&part, 1, io.options_.waiting);
            switch (outcome.status) {
                case FdReader::Status::Data: return static_cast<int>(outcome.bytes);
                case FdReader::Status::Ended: return AVERROR_EOF;
                case FdReader::Status::Cancelled: return AVERROR_EXIT;
                case FdReader::Status::Failed: break;
            }
            return AVERROR(outcome.error);
        },
        nullptr, false);
    return main_ ? Result<void>() : failed(ENOMEM);
}

Result<void> MediaIo::openHttp(HttpStream& http) {
    close();
    std::lock_guard lock(mutex_);
    http_ = &http;
    if (cancelled_) http.cancel();
    return readFromHttp();
}

Result<void> MediaIo::readFromHttp() {
    main_ = make(
        this,
        [](void* self, std::uint8_t* data, int size) {
            const auto& io = *static_cast<MediaIo*>(self);
            if (io.options_.interrupted && io.options_.interrupted()) return AVERROR_EXIT;  // also where it comes without end
            return readHttp(*io.http_, data, static_cast<std::size_t>(size));
        },
        [](void* self, std::int64_t offset, int whence) { return seekHttp(*static_cast<MediaIo*>(self)->http_, offset, whence); },
        http_->seekable());
    return main_ ? Result<void>() : failed(ENOMEM);
}

Result<void> MediaIo::openHttp(HttpStream::Options stream) {
    close();
    stream.network = options_.network;
    stream.interrupted = options_.interrupted;
    auto http = std::make_unique<HttpStream>(std::move(stream));
    auto& opening = *http;
    {
        std::lock_guard lock(mutex_);
        ownHttp_ = std::move(http);
        http_ = &opening;
        if (cancelled_) opening.cancel();
    }
    if (auto opened = opening.open(); !opened) return opened;
    return readFromHttp();
}

void MediaIo::serveLists(AVFormatContext& format, bool local) {
    local_ = local;
    openDefault_ = format.io_open;
    closeDefault_ = format.io_close2;
    format.opaque = this;
    format.io_open = openCallback;
    format.io_close2 = closeCallback;
}

int MediaIo::openCallback(AVFormatContext* format, AVIOContext** io, const char* url, int flags, AVDictionary** settings) {
    return static_cast<MediaIo*>(format->opaque)->open(*format, io, url, flags, settings);
}

int MediaIo::openNested(AVIOContext** io, const std::string& url, bool http) {
    std::unique_ptr<Nested> nested;
    if (http) {
        nested = std::make_unique<Nested>(
            HttpStream::Options{.url = url, .network = options_.network, .resume = true, .interrupted = options_.interrupted});
    } else {
        const auto path = localPathOf(url);
        if (!path) return AVERROR(EINVAL);
        auto file = openLocal(*path);
        if (!file) return AVERROR(errno);
        nested = std::make_unique<Nested>(std::move(file));
    }
    auto* opening = nested.get();
    {
        std::lock_guard lock(mutex_);
        nested_.push_back(std::move(nested));
        if (cancelled_ && opening->http) opening->http->cancel();
    }
    int error = 0;
    if (opening->http)
        if (const auto opened = opening->http->open(); !opened)
            error = opened.error().code == Code::Cancelled ? AVERROR_EXIT
                    : opened.error().native == 404         ? AVERROR_HTTP_NOT_FOUND
                    : opened.error().native >= 500         ? AVERROR_HTTP_SERVER_ERROR
                                                           : AVERROR(EIO);
    if (error == 0) opening->io = make(opening, Nested::read, Nested::seek, !opening->http || opening->http->seekable());
    if (opening->io) {
        *io = opening->io.get();
        return 0;
    }
    std::lock_guard lock(mutex_);
    std::erase_if(nested_, [&](const auto& entry) { return entry.get() == opening; });
    return error != 0 ? error : AVERROR(ENOMEM);
}

int MediaIo::open(AVFormatContext& format, AVIOContext** io, std::string url, int flags, AVDictionary** settings) {
    if ((flags & AVIO_FLAG_WRITE) != 0) return AVERROR(EPERM);
    const bool encrypted = url.starts_with("crypto+") || url.starts_with("crypto:");  // libav would fetch it by itself
    if (encrypted) url.erase(0, kEncrypted);
    const auto scheme = base::schemeOf(url);
    const bool http = scheme == "http" || scheme == "https";
    const bool plain = scheme.empty() || scheme == "file";
    if (plain && !local_) return AVERROR(EPERM);  // a list from the network may not name files of this machine
    if (!http && !plain) return openDefault_(&format, io, url.c_str(), flags, settings);
    if (const int error = openNested(io, url, http); error < 0) return error;
    auto* const given = settings ? *settings : nullptr;
    auto& nested = **std::find_if(nested_.begin(), nested_.end(), [&](const auto& n) { return n->io.get() == *io; });
    const auto from = number(given, "offset"), to = number(given, "end_offset");
    if (to > 0) nested.end = to;
    if (encrypted) nested.decryption = Decryption::make(settingOf(given, "key"), settingOf(given, "iv"));
    if (encrypted) nested.io->seekable = 0;
    if ((encrypted && !nested.decryption) || (from > 0 && Nested::seek(&nested, from, SEEK_SET) < 0)) {
        closeCallback(&format, *io);
        *io = nullptr;
        return AVERROR(EIO);
    }
    return 0;
}

int MediaIo::closeCallback(AVFormatContext* format, AVIOContext* io) {
    auto& self = *static_cast<MediaIo*>(format->opaque);
    std::unique_ptr<Nested> gone;
    {
        std::lock_guard lock(self.mutex_);
        const auto found =
            std::find_if(self.nested_.begin(), self.nested_.end(), [&](const auto& nested) { return nested->io.get() == io; });
        if (found != self.nested_.end()) {
            gone = std::move(*found);
            self.nested_.erase(found);
        }
    }
    return gone || !io ? 0 : self.closeDefault_(format, io);
}

}  // namespace livepusher::capture
