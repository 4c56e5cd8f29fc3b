// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::capture {

/// When a fallback is to stand in: what fallbackOn and fallbackAfter say.
struct FallbackRules {
    std::vector<FallbackOn> on{FallbackOn::lost, FallbackOn::ended};
    Timestamp after{2'000'000};
    bool has(FallbackOn what) const;
};

/// What is to be seen in one picture of a source.
struct PictureLook {
    bool black = false;
    bool same = false;  ///< as the one before it
};

/// Decides whether a source may go out or its fallback has to, by what comes of the source. Pure: time comes with what is told,
/// and never goes back. What a rule needs has to last for `after`, but for an end, which is one; the source goes out again when
/// it has been good for a while: 300 ms after a loss, else 600.
class FallbackDecider {
public:
    explicit FallbackDecider(FallbackRules rules) : rules_(std::move(rules)) {}

    /// The source has been started, with picture, sound or both; nothing has come of it. A fault that is on stays.
    void begin(Timestamp at, bool picture, bool sound);
    void stop();                           ///< it has been stopped: nothing is judged, and no fault is on
    void setInterval(Timestamp interval);  ///< usual from one picture to the next; zero: not known
    void picture(Timestamp at, PictureLook look = {});
    void sound(Timestamp at, bool loud = true);
    void end() { ended_ = true; }  ///< nothing more comes of it, but after all something comes

    /// What is wrong with the source at that moment; none: it may go out.
    std::optional<FallbackOn> judge(Timestamp at);
    /// When judge() may say something else though nothing comes; none: never.
    std::optional<Timestamp> due() const;

private:
    bool isJudged(FallbackOn what) const;
    Timestamp goodAt(FallbackOn what) const;
    Timestamp patience(FallbackOn what) const;
    Timestamp breath(FallbackOn what) const;
    bool isGood(FallbackOn what, Timestamp at) const;
    bool isFault(FallbackOn what, Timestamp at) const;
    void came(FallbackOn what, Timestamp& last, Timestamp at);

    const FallbackRules rules_;
    bool running_ = false, pictured_ = false, sounded_ = false, ended_ = false;
    Timestamp interval_{};
    // When each was good last; all from the beginning on, and anew after a loss.
    Timestamp came_{}, moved_{}, bright_{}, loud_{};
    Timestamp differed_ = Timestamp::min() / 2;  ///< a picture from the one before
    std::optional<FallbackOn> fault_;
    std::optional<Timestamp> goodSince_;
};

/// For people: "no picture for 2.0 s".
std::string describeFault(FallbackOn what, bool hasPicture, Timestamp after);

}  // namespace livepusher::capture
