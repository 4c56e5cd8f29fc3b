// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace livepusher::base {

/// The query of an srt URL: how a connection is made, by libsrt's own names.
struct SrtOptions {
    enum class Mode {
        Caller,      ///< connects to a listener
        Listener,    ///< waits for a receiver to connect
        Rendezvous,  ///< both connect to each other, through firewalls
    };
    Mode mode = Mode::Caller;
    std::chrono::milliseconds latency{120};  ///< from sending to delivery: the time there is to send again what was lost
    std::string streamId;                    ///< secret; decoded; as a listener: the one that a receiver has to name; empty: none
    std::string passphrase;                  ///< secret; empty: not encrypted
    int keyLength = 0;                       ///< bytes of the AES key; 0: the other side's, or 16

    /// What stands behind the "?" of `scheme`://…, names in any order. Only values are percent-decoded, and a "+" is one.
    /// Errors: InvalidArgument, with a text that tells what is allowed and repeats nothing of the query.
    static Result<SrtOptions> parse(std::string_view query, std::string_view scheme);
};

/// The most bytes that a stream id has (SRT's access control).
inline constexpr std::size_t kMaxStreamId = 512;

}  // namespace livepusher::base
