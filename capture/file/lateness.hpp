// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <optional>
#include <string>

#include "capture/file/media_clock.hpp"
#include "capture/file/packet_buffer.hpp"

namespace livepusher::capture {

/// One track of a file that is read more slowly than it plays: goes on where it was, and says so. Belongs to the track's
/// thread.
class Lateness {
public:
    /// Later than `most` moves the clock.
    Lateness(std::string name, const PacketBuffer& buffer, MediaClock& clock, Timestamp most)
        : name_(std::move(name)), buffer_(buffer), clock_(clock), most_(most) {}

    /// What was due at `moment` had to be waited for and came from the file at `came`, apart from how long it took to be
    /// decoded. True: the clock was moved, it is due later.
    bool postpones(Timestamp moment, Timestamp came);

private:
    const std::string name_;
    const PacketBuffer& buffer_;
    MediaClock& clock_;
    const Timestamp most_;
    std::optional<Timestamp> told_;
};

}  // namespace livepusher::capture
