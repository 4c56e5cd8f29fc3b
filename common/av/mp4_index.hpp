// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace livepusher::capture {

/// What libavformat leaves out of an MP4 in fragments: how long it is (mehd, ISO/IEC 14496-12 §8.8.2), and where players find
/// each key frame (mfra, §8.8.9; libavformat's own lists every fragment, whether it begins with one or not).
class Mp4Index {
public:
    /// The file's beginning with a place for the duration, which says 0 for now. As it is where it isn't understood.
    std::vector<std::uint8_t> withDuration(std::span<const std::uint8_t> beginning);

    struct Patch {
        std::uint64_t at = 0;
        std::vector<std::uint8_t> bytes;
    };
    /// What fills that place in.
    std::optional<Patch> duration(std::int64_t microseconds) const;

    /// A fragment that begins with a key frame of the first track: its time, in that track's units, and its place.
    void addKey(std::int64_t time, std::uint64_t at) { keys_.push_back({time, at}); }
    /// What stands behind the last fragment; empty without key frames.
    std::vector<std::uint8_t> atEnd() const;

private:
    struct Key {
        std::int64_t time = 0;
        std::uint64_t at = 0;
    };
    std::uint64_t durationAt_ = 0;  // 0: there is no such place
    std::uint32_t timescale_ = 0;   // of it, per second
    std::vector<Key> keys_;
};

}  // namespace livepusher::capture
