// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "base/event_fd.hpp"
#include "endpoint/reconnect_request.hpp"
#include "media/packet.hpp"
#include "net/link_statistics.hpp"
#include "net/network_options.hpp"
#include "net/url.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace livepusher::rtmp {

/// Beyond H.264 and AAC, what is decoded here: RTMP tells it to servers that ask (Enhanced RTMP, CanDecode).
struct Decodable {
    bool hevc = true, av1 = true, opus = true;
};

struct SubscriberSettings {
    base::NetworkOptions network;
    bool enhancedRtmp = true;  ///< tell in connect what is decoded, and that requests to reconnect are heard
    Decodable decodable;
    /// RTMP only: how much a server is told that we hold (SetBufferLength). A recording's comes no faster.
    std::chrono::milliseconds buffer{1'000};
    // A little under 10 s and 5 s, so that who counts hears of it within them.
    std::chrono::milliseconds connectTimeout{9'800};    ///< DNS + TCP + TLS together
    std::chrono::milliseconds handshakeTimeout{4'800};  ///< RTMP only: C0..S2
    /// RTMP: each of connect, createStream, play. HTTP: the head of the answer and the first bytes of the stream.
    std::chrono::milliseconds responseTimeout{15'000};
    std::chrono::milliseconds dataTimeout{10'000};   ///< without a byte of media, once it plays
    std::chrono::milliseconds stallTimeout{15'000};  ///< nothing acknowledged although data waits
    std::chrono::milliseconds closeTimeout{150};     ///< to say goodbye at close()
};

/// Error::native of a ServerClosed: redirects lead nowhere (in a ring, too many, from https to http, to no URL).
inline constexpr int kRedirectsNowhere = 3;

/// What a stream says of itself (onMetaData; Adobe FLV 10.1 §E.5). Nobody checks it: what comes may be something else.
struct StreamMetadata {
    struct Field {
        std::string name;
        std::optional<double> number;  ///< of a number; 1 and 0 of true and false
        std::string text;              ///< of a text; fit for people
    };
    std::vector<Field> fields;  ///< at most 64, in their order

    const Field* find(std::string_view name) const {
        const auto found = std::ranges::find(fields, name, &Field::name);
        return found == fields.end() ? nullptr : &*found;
    }
    std::optional<double> number(std::string_view name) const {
        const auto* const field = find(name);
        return field ? field->number : std::nullopt;
    }
    std::string_view text(std::string_view name) const {  ///< empty: it has none
        const auto* const field = find(name);
        return field ? std::string_view(field->text) : std::string_view();
    }
    bool namesVideo() const { return number("videocodecid") || !text("videocodecid").empty() || number("width"); }
    bool namesAudio() const { return number("audiocodecid") || !text("audiocodecid").empty(); }
};

/// Who hears what happens to a connection, on the thread that serves it, from within the subscriber's own calls.
class SubscriberObserver {
public:
    virtual void transportConnected() {}  ///< TCP, and TLS, stand; a file is there
    /// The server plays: NetStream.Play.Start; HTTP 200 and FLV's signature; a file's signature.
    virtual void playing() {}
    virtual void streamBegan() {}    ///< RTMP: StreamBegin, PublishNotify: media may begin anew
    virtual void publisherLeft() {}  ///< RTMP: StreamEOF, UnpublishNotify: the publisher is gone, and may come back
    virtual void metadata(const StreamMetadata& metadata) { (void)metadata; }
    /// There is a track that is not delivered, for people: "video track 2", "sound in Speex". Once each.
    virtual void trackLeftOut(const std::string& name) { (void)name; }
    /// A server asks for another connection; this one stands meanwhile. Only RTMP with SubscriberSettings::enhancedRtmp.
    virtual void reconnectRequested(const ReconnectRequest& request) { (void)request; }
    /// RTMP: a server that refuses sends us on, to a tcUrl or a whole URL, which is secret. The call then fails.
    virtual void redirected(const std::string& to) { (void)to; }

protected:
    ~SubscriberObserver() = default;
};

/// Who takes what comes, on the thread that serves the connection.
class ReceivedPackets {
public:
    /// In the order of their coming. Its times are the stream's own: dts whole milliseconds modulo 2^32, which may jump, pts dts
    /// and the composition time. Each track begins with a Config; the same one may come again.
    virtual void take(Packet packet) = 0;

protected:
    ~ReceivedPackets() = default;
};

/// One connection to one server that a stream is played from, or one file. It has no thread of its own: its socket is served by
/// whoever calls it. All but what is tagged otherwise belongs to that one thread.
class Subscriber {
public:
    using Clock = std::chrono::steady_clock;
    enum class State { Playing, Ended };

    virtual ~Subscriber() = default;

    /// Blocks until the server plays. `observer` is heard until close(). Errors: DnsFailed, TcpFailed, HandshakeFailed,
    /// ServerClosed (native kRedirectsNowhere, or HTTP's status), TransferFailed, SourceFailed (a file's), Cancelled.
    virtual Result<void> open(const base::Url& url, const SubscriberSettings& settings, SubscriberObserver& observer) = 0;

    /// Serves the connection and hands over what comes, until `wake` is signalled, `until` has come, or the stream has been
    /// played to its end: then, and from then on, Ended. What came before a failure is handed over before it is told. A file's
    /// packets come at the pace of their dts. Errors: ServerClosed, TransferFailed (no media for dataTimeout among them),
    /// Cancelled.
    virtual Result<State> run(Clock::time_point until, const base::EventFd& wake, ReceivedPackets& packets) = 0;

    /// RTMP: deleteStream, FIN; after a failure: RST.
    virtual void close() = 0;

    /// Makes a blocked call return at once, with Cancelled. Sticky. [any-thread]
    virtual void cancel() = 0;

    virtual LinkStatistics statistics() const = 0;  ///< [any-thread]
};

}  // namespace livepusher::rtmp
