// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <optional>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "capture/file/decoding.hpp"
#include "capture/file/media_clock.hpp"
#include "capture/sink_gate.hpp"

namespace livepusher::capture {

/// What playing a file's or a stream's pictures and its sound have in common. Used by one thread at a time.
class TrackPlayer {
protected:
    /// What comes from a file later than `mostLate` moves the clock.
    TrackPlayer(Track track, std::string name, PacketBuffer& buffer, MediaClock& clock, bool live, Timestamp mostLate,
                bool deinterlace = false)
        : track_(track),
          name_(std::move(name)),
          buffer_(buffer),
          clock_(clock),
          live_(live),
          mostLate_(mostLate),
          decoding_(track, name_, deinterlace) {}

    Decoding::Outcome decode() {
        const auto outcome = decoding_.next(buffer_);
        if (outcome == Decoding::Outcome::Failed) error_ = decoding_.error();
        return outcome;
    }
    Decoding::Outcome failed(const Error& error) {
        error_ = {error.code, name_ + ": " + error.message, error.native};
        return Decoding::Outcome::Failed;
    }

    /// Tells the sink of an outcome that is no frame; false: cancelled.
    template <typename Sink>
    bool finish(Decoding::Outcome outcome, SinkGate<Sink>& gate) {
        if (outcome == Decoding::Outcome::Cancelled) return false;
        const bool bad = outcome == Decoding::Outcome::Failed;
        if (bad || !any_) clock_.excuse(track_);
        if (bad) {
            gate.failed(error_);
            return true;
        }
        if (any_ && !clock_.waitFor(track_, end_)) return false;
        gate.ended();
        return true;
    }

    /// Whether what was due at `moment` had to be waited for because the file is read more slowly than it plays, apart from how
    /// long it took to be decoded. It goes on where it was then, which is said: what is pending is due later.
    bool postponed(Timestamp moment) {
        if (live_ || !std::exchange(starved_, false)) return false;
        const auto at = clock_.now();
        const auto late = decoding_.came() - moment;
        if (late < mostLate_) return false;
        // Where the other track's packets alone filled the buffer, the file isn't slow: these lie far behind them in it.
        if (const auto full = buffer_.lastFull(); full && at - *full < kFullFor) return false;
        clock_.postpone(late);
        if (!toldLate_ || at - *toldLate_ > kTellEvery) {
            toldLate_ = at;
            base::log(LogLevel::Warning,
                      name_ + ": could not be read as fast as it plays, " + std::to_string(late.count() / 1000) + " ms late");
        }
        return true;
    }

    const Track track_;
    const std::string name_;
    PacketBuffer& buffer_;
    MediaClock& clock_;
    const bool live_;
    const Timestamp mostLate_;
    Decoding decoding_;
    Timestamp time_{}, end_{};  ///< of what is pending
    bool starved_ = false;      ///< it had to be waited for
    bool any_ = false;          ///< something has come
    bool warned_ = false;

private:
    static constexpr Timestamp kFullFor{2'000'000};
    static constexpr Timestamp kTellEvery{10'000'000};

    Error error_;
    std::optional<Timestamp> toldLate_;
};

}  // namespace livepusher::capture
