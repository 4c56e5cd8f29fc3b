// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <atomic>
#include <string>

#include "av/av.hpp"
#include "av/media_io.hpp"
#include "net/network_options.hpp"

namespace livepusher::capture {

/// One connection to a network camera: RTSP through libav, TCP before UDP; http(s) through libcurl, which verifies
/// certificates. Nothing is looked at in advance: the first packet is given at once. Belongs to one thread, but for cancel().
class LiveStream {
public:
    struct Options {
        std::string url;
        base::NetworkOptions network{};
        std::chrono::milliseconds retryWithin{5000};  ///< for who connects again: the longest pause before that
        std::string label;                            ///< begins every error: camera "…"
    };
    /// How long something may take, for messages, and until when.
    struct Limit {
        explicit Limit(Timestamp within) : length(within), until(now() + within) {}
        Timestamp length, until;
    };
    explicit LiveStream(Options options);
    ~LiveStream();

    /// A connection in place of the one before. Errors: CameraFailed, in words; Cancelled.
    Result<void> open(const Limit& limit);
    /// The next picture; never what has come of one when the connection broke. Errors as above.
    Result<PacketPtr> read(const Limit& limit);
    void close();
    /// What the pictures are.
    const AVStream& pictures() const { return *format_->streams[stream_]; }
    /// Whether its packets' times mean anything.
    bool timed() const { return (format_->iformat->flags & AVFMT_NOTIMESTAMPS) == 0; }
    std::chrono::milliseconds retryWithin() const { return options_.retryWithin; }
    const std::string& label() const { return options_.label; }

    /// Makes what waits, and all that follows, end soon with Cancelled. Sticky. [any-thread]
    void cancel();

private:
    Result<void> openFormat();
    bool isWhole(PacketPtr& packet);
    Error failed(const std::string& what, int native = 0) const;
    Error broken(int error) const;
    Error explain(int error) const;
    Error explainHttp(const Error& error) const;
    Result<const AVInputFormat*> httpFormat() const;
    static int interrupted(void* self);
    static int refuseOther(AVFormatContext* context, AVIOContext** io, const char* url, int flags, AVDictionary** settings);

    const Options options_;
    std::atomic<bool> cancelled_{false};
    Limit limit_{Timestamp{}};
    MediaIo io_;  ///< of http(s)
    FormatPtr format_;
    int stream_ = -1;
    bool warned_ = false;
    bool pieces_ = false;  ///< packets hold pieces of pictures
    PacketPtr begun_;      ///< the pieces so far
};

}  // namespace livepusher::capture
