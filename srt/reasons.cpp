// SPDX-License-Identifier: MIT
#include "srt/reasons.hpp"

#include <srt/access_control.h>
#include <srt/srt.h>

#include <algorithm>
#include <array>

#include "endpoint/publisher.hpp"

namespace livepusher::srt {

namespace {

enum class Again { Useful, Useless };

struct Reason {
    int number;
    Code code;
    Again again;
    const char* words;  ///< behind "HOST:PORT "
    int native = 0;
};

constexpr auto kHandshake = Code::HandshakeFailed;
constexpr auto kRefused = Code::ServerClosed;
using enum Again;

constexpr std::array kReasons{
    // libsrt's own, of the handshake
    Reason{SRT_REJ_SYSTEM, kHandshake, Useful, "could not be connected to: the system refused"},
    Reason{SRT_REJ_PEER, kRefused, Useless, "refused the connection without a reason"},
    Reason{SRT_REJ_RESOURCE, kHandshake, Useful, "could not be connected to: out of memory or of ports"},
    Reason{SRT_REJ_ROGUE, kHandshake, Useful, "refused the connection without a reason, or speaks no SRT"},
    Reason{SRT_REJ_BACKLOG, kRefused, Useful, "has as many connections waiting as it takes"},
    Reason{SRT_REJ_IPE, kHandshake, Useful, "could not be connected to: an error inside libsrt"},
    Reason{SRT_REJ_CLOSE, kRefused, Useful, "is closing"},
    Reason{SRT_REJ_VERSION, kHandshake, Useless, "wants another version of SRT"},
    Reason{SRT_REJ_RDVCOOKIE, kHandshake, Useful, "made the same cookie for the rendezvous by chance"},
    Reason{SRT_REJ_BADSECRET, kHandshake, Useless, "has another passphrase: check the url's"},
    Reason{SRT_REJ_MESSAGEAPI, kHandshake, Useless, "transfers files and takes no live stream"},
    Reason{SRT_REJ_CONGESTION, kHandshake, Useless, "wants another congestion control than that of live streams"},
    Reason{SRT_REJ_FILTER, kHandshake, Useless, "wants a packet filter (FEC), which is not offered"},
    Reason{SRT_REJ_GROUP, kHandshake, Useless, "wants a group of connections, which is not offered"},
    Reason{SRT_REJ_TIMEOUT, Code::TcpFailed, Useful,
           "does not answer: check host and port, and that UDP is let through; a wrong mode, caller or listener, is met by "
           "silence too"},
    // SRT's access control
    Reason{SRT_REJX_FALLBACK, kRefused, Useless, "refused the connection without a reason; check the streamid"},
    Reason{SRT_REJX_KEY_NOTSUP, kRefused, Useless, "refused the streamid: it holds a key that is not known there"},
    Reason{SRT_REJX_FILEPATH, kRefused, Useless, "refused the streamid: its path is wrong, or not found"},
    Reason{SRT_REJX_HOSTNOTFOUND, kRefused, Useless, "refused the streamid: its host (h=) is not known there"},
    Reason{SRT_REJX_BAD_REQUEST, kRefused, Useless, "refused the streamid: bad request"},
    Reason{SRT_REJX_UNAUTHORIZED, kRefused, Useless, "refused the streamid: unauthorized, its user or key is not accepted"},
    Reason{SRT_REJX_OVERLOAD, kRefused, Useful, "refused the stream: overloaded, or a limit is used up"},
    Reason{SRT_REJX_FORBIDDEN, kRefused, Useless, "refused the streamid: forbidden"},
    Reason{SRT_REJX_NOTFOUND, kRefused, Useless, "refused the streamid: not found"},
    Reason{SRT_REJX_BAD_MODE, kRefused, Useless,
           "refused the streamid: its mode (m=) is not supported there; to push is m=publish"},
    Reason{SRT_REJX_UNACCEPTABLE, kRefused, Useless, "refused the streamid: what it asks for is not acceptable"},
    Reason{SRT_REJX_CONFLICT, kRefused, Useful, "refused the stream: its name is in use", rtmp::kNameInUse},
    Reason{SRT_REJX_NOTSUP_MEDIA, kRefused, Useless, "refused the streamid: its type (t=) is not supported there"},
    Reason{SRT_REJX_LOCKED, kRefused, Useful, "refused the stream: it is locked"},
    Reason{SRT_REJX_FAILED_DEPEND, kRefused, Useless, "refused the streamid: the session that it names is gone"},
    Reason{SRT_REJX_ISE, kRefused, Useful, "refused the stream: an error inside the server"},
    Reason{SRT_REJX_UNIMPLEMENTED, kRefused, Useless, "refused the streamid: not implemented there"},
    Reason{SRT_REJX_GW, kRefused, Useful, "refused the stream: the server behind it does"},
    Reason{SRT_REJX_DOWN, kRefused, Useful, "refused the stream: out of service"},
    Reason{SRT_REJX_VERSION, kRefused, Useless, "refused the stream: wants another version of SRT"},
    Reason{SRT_REJX_NOROOM, kRefused, Useful, "refused the stream: has no room to store it"},
};

constexpr int kFirstOfServers = 1000;  // SRT's access control: from here on the other side's word

}  // namespace

Error refusal(int reason, const std::string& where, bool encrypted) {
    if (reason == SRT_REJ_UNSECURE)
        return {kHandshake,
                where + (encrypted ? " has no passphrase: set it there too, or leave it out of the url"
                                   : " wants a passphrase: give it in the url, as passphrase=…"),
                0, true};
    const auto* const found = std::ranges::find(kReasons, reason, &Reason::number);
    const bool byServer = reason >= kFirstOfServers;
    const auto number = byServer ? " (" + std::to_string(reason) + ")" : "";
    if (found != kReasons.end())
        return {found->code, where + " " + found->words + number, found->native, found->again == Useless};
    if (byServer) return {kRefused, where + " refused the stream for a reason of its own" + number, 0, true};
    return {kHandshake, where + " could not be connected to, for a reason that libsrt does not tell", 0, false};
}

}  // namespace livepusher::srt
