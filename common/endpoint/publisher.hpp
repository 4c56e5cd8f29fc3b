// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "media/packet.hpp"
#include "net/link_statistics.hpp"
#include "net/network_options.hpp"
#include "net/url.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// How a file is written; a server has nothing of it.
struct FileSettings {
    bool overwrite = false;  ///< what is there already; else the next free name is taken: NAME-2.flv, NAME-3.flv …
    /// The paths of what is read meanwhile, which is never written over. Asked by the thread that writes, perhaps when
    /// all else of the push is gone; may wait for a disk.
    std::function<std::vector<std::string>()> inputs{};
    std::function<void(Code, std::string)> told{};  ///< FileBegan, FileStalled. [uplink]
};

struct PublisherSettings {
    base::NetworkOptions network;
    bool enhancedRtmp = false;  ///< offer its capabilities in connect
    /// Asked when the connection stands, before the server hears of a stream; waits until that may begin. False: it is
    /// not to, and open() fails with Cancelled. Empty: at once. A file doesn't ask. [uplink]
    std::function<bool()> mayBegin{};
    // Of the stream to come; RTMP only: all but H.264 and AAC needs a server that takes it.
    VideoCodec videoCodec = VideoCodec::h264;
    AudioCodec audioCodec = AudioCodec::aac;
    FileSettings file{};
    // A little under 10 s and 5 s, so that who counts hears of it within them.
    std::chrono::milliseconds connectTimeout{9'800};    ///< DNS + TCP + TLS together
    std::chrono::milliseconds handshakeTimeout{4'800};  ///< RTMP only: C0..S2
    /// RTMP only: each of connect, createStream, publish. Servers ask others before they answer (on_connect, on_publish):
    /// who is left too early asks them again with each attempt.
    std::chrono::milliseconds responseTimeout{15'000};
    std::chrono::milliseconds stallTimeout{15'000};  ///< RTMP only: nothing acknowledged although data waits
    std::chrono::milliseconds closeTimeout{1'000};   ///< to drain at close()
};

/// Error::native of a ServerClosed: the name is taken, perhaps by a connection of our own that the server still holds.
inline constexpr int kNameInUse = 1;

/// Error::native of a connection that the server has ended after publish without a word: so some refuse a name in use.
inline constexpr int kClosedInSilence = 2;

/// A server asks for another connection in place of this one (Enhanced RTMP v2, NetConnection.Connect.ReconnectRequest).
struct ReconnectRequest {
    std::string tcUrl;  ///< absolute or relative to the present one; empty: the same again. Secret, as far as it has a query
    std::string words;  ///< its reason, for people; may be empty
};

/// One connection to one server, or one file. open(), write() and close() belong to the uplink thread.
class Publisher {
public:
    virtual ~Publisher() = default;

    /// Blocks until the server accepts the stream; `onConnected` is called when TCP (and TLS)
    /// stand. Errors: DnsFailed, TcpFailed, HandshakeFailed, ServerClosed (for good, if it doesn't take the codec),
    /// TransferFailed, FileFailed, Cancelled.
    virtual Result<void> open(const base::Url& url, const PublisherSettings& settings, std::function<void()> onConnected) = 0;

    /// Hands one packet over; waits while more than a small bound is under way. Config packets become
    /// sequence headers, the first of each (re)configuration preceded by onMetaData. Errors: ServerClosed,
    /// TransferFailed, FileFailed, Cancelled. An error of the connection that happens with nothing to
    /// write is told by failed().
    virtual Result<void> write(const Packet& packet) = 0;

    /// Empty while the connection stands. Cheap. [any-thread]
    virtual std::optional<Error> failed() const = 0;

    /// After open() has failed: where the server that refused sends us, a tcUrl or a whole URL; empty: nowhere. Secret.
    /// [any-thread]
    virtual std::string redirection() const { return {}; }

    /// Called once, from a thread of the publisher, when an open connection fails; what open() returns
    /// and cancel() causes is not told again. Set before open().
    virtual void onFailed(std::function<void()> notify) = 0;

    /// Called from a thread of the publisher, after open() has succeeded, with each request to go to another server;
    /// the connection stands meanwhile. Only RTMP with PublisherSettings::enhancedRtmp has them. Set before open().
    virtual void onReconnectRequest(std::function<void(ReconnectRequest)> take) { (void)take; }  // NOLINT: others keep it

    /// In order: FCUnpublish, deleteStream (HTTP: the body's end, and its answer), drain for closeTimeout at most,
    /// FIN. After a failure: RST.
    virtual void close() = 0;

    /// Likewise, when the stream goes on over another connection: without FCUnpublish, which services read as its end.
    virtual void leave() { close(); }

    /// Makes a blocked open(), write() or close() return at once, with Cancelled. Sticky. [any-thread]
    virtual void cancel() = 0;

    virtual LinkStatistics statistics() const = 0;  ///< [any-thread]
};

}  // namespace livepusher::rtmp
