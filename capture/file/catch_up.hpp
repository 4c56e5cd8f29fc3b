// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <optional>

namespace livepusher::capture {

/// What is left out of pictures that are decoded more slowly than they play, so that those that are shown stay with the
/// sound: first what no other picture needs, then all up to a key frame. Pure: time is handed in. Belongs to one thread.
class CatchUp {
public:
    static constexpr Timestamp kLate{150'000};     ///< from here on what no other picture needs is left out
    static constexpr Timestamp kTooLate{400'000};  ///< what is later than this isn't shown...
    static constexpr Timestamp kEver{2'000'000};   ///< ... unless nothing has been for so long
    static constexpr Timestamp kCalm{3'000'000};   ///< so long nothing was late: all is decoded again

    struct Verdict {
        bool show = true;
        bool jump = false;  ///< to a key frame that is due, where one has come
    };
    /// A picture is decoded `late` after it was due (below zero: before), at `now`.
    Verdict decoded(Timestamp late, Timestamp now) {
        if (late > kLate) lastLate_ = now;
        if (lastLate_ && now - *lastLate_ > kCalm) lastLate_.reset();
        if (late <= kTooLate || !shown_) return {};
        return {.show = now - *shown_ >= kEver, .jump = true};
    }
    void shown(Timestamp now) { shown_ = now; }
    /// Whether what no other picture needs isn't to be decoded.
    bool hurries() const { return lastLate_.has_value(); }

private:
    std::optional<Timestamp> lastLate_, shown_;
};

}  // namespace livepusher::capture
