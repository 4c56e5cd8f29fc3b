// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "base/event_fd.hpp"
#include "endpoint/reconnect_request.hpp"
#include "media/packet.hpp"
#include "net/link_statistics.hpp"
#include "net/network_options.hpp"
#include "net/url.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// How a file is written; a server has nothing of it.
struct FileSettings {
    bool overwrite = false;  ///< what is there already; else the next free name is taken: NAME-2.flv, NAME-3.flv …
    /// The paths of what is read meanwhile, which is never written over. Asked by the thread that writes, perhaps when
    /// all else of the push is gone; may wait for a disk.
    std::function<std::vector<std::string>()> inputs{};
    /// Of media, after which the stream goes on in another file, from a key frame on; 0: never.
    std::chrono::seconds split{0};
    std::function<void(Code, std::string)> told{};  ///< FileBegan, FileStalled. [uplink]
};

struct PublisherSettings {
    base::NetworkOptions network;
    /// RTMP only: how codecs but H.264 and AAC go to a server.
    EnhancedRtmp enhancedRtmp = EnhancedRtmp::off;
    // Of the stream to come.
    VideoCodec videoCodec = VideoCodec::h264;
    AudioCodec audioCodec = AudioCodec::aac;
    FileSettings file{};
    // A little under 10 s and 5 s, so that who counts hears of it within them.
    std::chrono::milliseconds connectTimeout{9'800};    ///< DNS + TCP + TLS together
    std::chrono::milliseconds handshakeTimeout{4'800};  ///< RTMP only: C0..S2
    /// RTMP only: each of connect, createStream, publish. Servers ask others before they answer (on_connect, on_publish):
    /// who is left too early asks them again with each attempt.
    std::chrono::milliseconds responseTimeout{15'000};
    std::chrono::milliseconds stallTimeout{15'000};  ///< nothing acknowledged although data waits
    std::chrono::milliseconds closeTimeout{1'000};   ///< to drain at close()
};

/// Error::native of a ServerClosed: the name is taken, perhaps by a connection of our own that the server still holds.
inline constexpr int kNameInUse = 1;

/// Error::native of a connection that the server has ended after publish without a word: so some refuse a name in use.
inline constexpr int kClosedInSilence = 2;

/// Error::native of a ServerClosed, with EnhancedRtmp::automatic: the server does not take what the stream's pictures, its
/// sound, or both are coded as, or came to an end soon after it got them without having said that it takes them. Bits.
inline constexpr int kPicturesNotTaken = 4, kSoundNotTaken = 8;

/// Who hears what happens to a connection, on the thread that serves it, from within the publisher's own calls.
class PublisherObserver {
public:
    virtual void transportConnected() {}  ///< TCP, and TLS, stand
    /// A server that refuses sends the stream on: to a tcUrl or a whole URL, which is secret. The call then fails.
    virtual void redirected(const std::string& to) { (void)to; }
    /// A server asks for another connection; this one stands meanwhile. Not before begin() has succeeded. Only RTMP with
    /// that has offered Enhanced RTMP has them.
    virtual void reconnectRequested(const ReconnectRequest& request) { (void)request; }

    /// What was to be sent has come too late for the line, and was left out; `words` tell how much. SRT only.
    virtual void leftOut(const std::string& words) { (void)words; }

protected:
    ~PublisherObserver() = default;
};

/// Why a connection is ended.
enum class EndReason {
    Ended,     ///< the stream is over
    Replaced,  ///< it goes on over another connection
    Failed,    ///< whatever is wrong
};

/// One connection to one server, or one file. It has no thread of its own for the network: its sockets are served by whoever
/// calls it. All but what is tagged otherwise belongs to that one thread.
class Publisher {
public:
    using Clock = std::chrono::steady_clock;

    virtual ~Publisher() = default;

    /// Blocks until the server may hear of the stream: RTMP has connected to the app, HTTP and a file have said nothing yet.
    /// `observer` is heard until close(). Errors: DnsFailed, TcpFailed, HandshakeFailed, ServerClosed (for good, if it doesn't
    /// take the codec), TransferFailed, FileFailed, Cancelled.
    virtual Result<void> open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) = 0;

    /// Once, after open(): blocks until the server accepts the stream. Errors: as open().
    virtual Result<void> begin() = 0;

    /// Hands one packet over; waits while more than a small bound is under way. Config packets become sequence headers, the
    /// first of each (re)configuration preceded by onMetaData. Errors: ServerClosed, TransferFailed, FileFailed, Cancelled.
    virtual Result<void> write(const Packet& packet) = 0;

    /// Serves the connection while there is nothing to write: until something has happened to it, which may be nothing for the
    /// caller, until `wake` is signalled, or until `until`. Errors: as write().
    virtual Result<void> idle(Clock::time_point until, const base::EventFd& wake) = 0;

    /// Ended, in order: FCUnpublish, deleteStream (HTTP: the body's end, and its answer), drain for closeTimeout at most, FIN.
    /// Replaced: likewise without FCUnpublish, which services read as the stream's end. Failed, and after a failure: RST.
    /// Errors, of a file alone: FileFailed, InvalidArgument, it is not whole.
    virtual Result<void> close(EndReason reason) = 0;

    /// Makes a blocked call return at once, with Cancelled. Sticky. [any-thread]
    virtual void cancel() = 0;

    virtual LinkStatistics statistics() const = 0;  ///< [any-thread]
};

}  // namespace livepusher::rtmp
