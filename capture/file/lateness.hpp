// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <optional>
#include <string>
#include <utility>

#include "base/log.hpp"
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
    bool postpones(Timestamp moment, Timestamp came) {
        const auto at = clock_.now();
        const auto late = came - moment;
        if (late < most_) return false;
        // Where the other track's packets alone filled the buffer, the file isn't slow: these lie far behind them in it.
        if (const auto full = buffer_.lastFull(); full && at - *full < kFullFor) return false;
        clock_.postpone(late);
        if (!told_ || at - *told_ > kTellEvery) {
            told_ = at;
            base::log(LogLevel::Warning,
                      name_ + ": could not be read as fast as it plays, " + std::to_string(late.count() / 1000) + " ms late");
        }
        return true;
    }

private:
    static constexpr Timestamp kFullFor{2'000'000};
    static constexpr Timestamp kTellEvery{10'000'000};

    const std::string name_;
    const PacketBuffer& buffer_;
    MediaClock& clock_;
    const Timestamp most_;
    std::optional<Timestamp> told_;
};

}  // namespace livepusher::capture
