// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace livepusher {

enum class AudioCodec;  // in properties.hpp

/// What is done with the second of a target's urls while the first is well.
enum class Backup {
    cold,  ///< nothing: it is tried when the first is lost, or refuses
    hot,   ///< it gets the same packets all along, as services with a backup ingest want it
};

/// A further place that a push goes to, beside Properties::url, which is the target "main". Each has a queue, a connection and
/// attempts of its own: one that is slow, refuses or dies takes nothing from the others.
struct Target {
    /// 1..32 letters, digits, "-" and "_", of its own: what its events carry. "main" adds to Properties::url: `urls` are then
    /// those that follow it. "record" is the recording's.
    std::string id{};
    /// One at least, each as Properties::url: where the stream goes. When one is lost or refuses, the next is tried at once, and
    /// after the last the first again, as `reconnect` has it. Secret.
    std::vector<std::string> urls{};
    std::string streamKey{};  ///< as Properties::streamKey, for all `urls`; secret
    std::string reconnect{};  ///< as Properties::reconnect; empty: as that is
    /// As Properties::audioCodec, for all `urls`; none: as that is. Sound is encoded once for all that want the same.
    std::optional<AudioCodec> audioCodec{};
    bool preferFirst = false;      ///< back to the first of `urls`, without a gap, as soon as it takes the stream again
    Backup backup = Backup::cold;  ///< of the second of `urls`

    /// What of the picture is to be another than the push's own; unset: as that is, and of a width or height that is alone unset
    /// as its aspect has it. Targets that want the same share one encoding, and those that want what the push has share its.
    /// Nothing is scaled up: none may be above the push's own, and where adaptation has made that smaller, this is no larger.
    /// Not of "main", and not where the pictures come coded already.
    std::optional<int> videoWidth{};
    std::optional<int> videoHeight{};  ///< 64..4096 px, even, both
    std::optional<int> fps{};          ///< 1..60, key frames among them where the push has its own
    /// 50..50000 kbps that the picture gets while the push has its maxBitrate, and in proportion when adaptation gives that less.
    /// Unset: the part of the push's that this has of its pixels a second.
    std::optional<int> maxBitrate{};

    bool operator==(const Target&) const = default;  ///< whether all is the same
};

}  // namespace livepusher
