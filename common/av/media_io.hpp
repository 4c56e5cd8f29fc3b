// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "av/av.hpp"
#include "base/descriptor.hpp"
#include "base/fd_reader.hpp"
#include "net/http_stream.hpp"

namespace livepusher::capture {

/// What libavformat reads a file or URL through, so that no name is taken for anything else than what it is, every
/// certificate is verified, and each read can be broken off: local files by descriptor, FIFOs and stdin through FdReader,
/// http(s) through libcurl. Lists (HLS) open what they name through it too, encrypted pieces as well. Belongs to the demuxer's
/// thread, but for cancel(). Must outlive the format context.
class MediaIo {
public:
    struct Options {
        base::NetworkOptions network{};
        std::function<bool()> interrupted;
        std::function<void()> waiting{};  ///< called for each second in which a pipe gives nothing; may be empty
    };
    explicit MediaIo(Options options);
    ~MediaIo();
    MediaIo(const MediaIo&) = delete;
    MediaIo& operator=(const MediaIo&) = delete;

    /// What is read is a local file of that path. Errors: SourceFailed, without the path.
    Result<void> openFile(const std::string& path);
    /// What is read is a FIFO, a character device or, as "-", stdin.
    Result<void> openPipe(const std::string& path);
    /// What is read is a stream of the caller's, opened already.
    Result<void> openHttp(HttpStream& http);
    /// Opens an http(s) URL and owns it. `stream` but for what MediaIo's own options say.
    Result<void> openHttp(HttpStream::Options stream);
    void close();

    AVIOContext* context() const { return main_.get(); }
    HttpStream* http() const { return http_; }

    /// Lets the format context open what a list names: http(s) by this, local files only where the list is one. [demuxer]
    void serveLists(AVFormatContext& format, bool local);

    /// Breaks off what waits, and all that follows. Sticky. [any-thread]
    void cancel();
    /// The same for a pipe alone, until clearPipe(). [any-thread]
    void cancelPipe() { pipe_.cancel(); }
    void clearPipe() { pipe_.clearCancel(); }

private:
    struct Deleter {
        void operator()(AVIOContext* io) const;
    };
    struct Nested;
    using IoPtr = std::unique_ptr<AVIOContext, Deleter>;

    IoPtr make(void* opaque, int (*read)(void*, std::uint8_t*, int), std::int64_t (*seek)(void*, std::int64_t, int),
               bool seekable) const;
    Result<void> readFromHttp();
    int open(AVFormatContext& format, AVIOContext** io, std::string url, int flags, AVDictionary** settings);
    int openNested(AVIOContext** io, const std::string& url, bool http);
    static int openCallback(AVFormatContext* format, AVIOContext** io, const char* url, int flags, AVDictionary** settings);
    static int closeCallback(AVFormatContext* format, AVIOContext* io);

    const Options options_;
    std::atomic<bool> cancelled_{false};
    FdReader pipe_;
    base::Descriptor file_;
    std::unique_ptr<HttpStream> ownHttp_;
    HttpStream* http_ = nullptr;
    IoPtr main_;
    bool local_ = false;
    decltype(AVFormatContext::io_open) openDefault_ = nullptr;
    decltype(AVFormatContext::io_close2) closeDefault_ = nullptr;
    std::mutex mutex_;  ///< of what cancel() reaches
    std::vector<std::unique_ptr<Nested>> nested_;
};

}  // namespace livepusher::capture
