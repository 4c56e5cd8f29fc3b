// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <optional>

namespace livepusher::playback {

/// What the quality of the network is told by.
struct QualitySigns {
    bool playing = false;  ///< false: it loads
    bool reconnecting = false;
    std::optional<Timestamp> sinceBegin{};  ///< of playing, the first time; empty: it has not begun
    std::optional<Timestamp> sinceStall{};  ///< the latest; empty: there was none
    bool speedAtLimit = false;
    bool uneven = false;   ///< UnevenWatch::is()
    Timestamp lateness{};  ///< Lateness::quantile()
    Timestamp target{};    ///< the delay that is aimed at
};

/// 0 not known yet, 1 the best … 6 nothing comes: net status `netQualityLevel`.
constexpr int netQualityLevel(const QualitySigns& signs) {
    using namespace std::chrono_literals;
    if (signs.sinceBegin && *signs.sinceBegin < 1s && !signs.reconnecting) return 0;
    if (!signs.playing || signs.reconnecting) return 6;
    if (signs.sinceStall && *signs.sinceStall < 10s) return 5;
    if (signs.speedAtLimit || signs.uneven) return 4;
    if (signs.lateness * 2 > signs.target) return 3;
    if (signs.lateness * 4 > signs.target) return 2;
    return 1;
}

}  // namespace livepusher::playback
