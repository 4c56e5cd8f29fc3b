// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <optional>

namespace livepusher::playback {

/// Tells when nothing new has been shown, or heard of a stream without pictures, for too long while it plays: once a gap,
/// at the moment it is known. A pause is none. Pure: moments come in.
class GapWatch {
public:
    explicit GapWatch(Timestamp threshold) : threshold_(threshold) {}

    void setThreshold(Timestamp threshold) { threshold_ = threshold; }
    /// A picture was shown, or a sample was heard.
    void shown(Timestamp now) {
        last_ = now;
        told_ = false;
    }
    /// Paused, stopped or not begun: the next shown() begins anew.
    void rest() { last_.reset(); }
    /// Since when nothing has come; empty before the first.
    std::optional<Timestamp> since() const { return last_; }
    /// True at that moment.
    bool tick(Timestamp now) {
        if (!last_ || told_ || now - *last_ < threshold_) return false;
        return told_ = true;
    }

private:
    Timestamp threshold_;
    std::optional<Timestamp> last_;
    bool told_ = false;
};

}  // namespace livepusher::playback
