// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>

namespace livepusher::base {

/// How long so many frames last, of `rate` a second: samples of a channel as well as pictures. Rounded towards 0.
template <typename Count>
constexpr Timestamp lengthOf(Count frames, int rate) {
    return Timestamp(static_cast<std::int64_t>(frames) * 1'000'000 / rate);
}

/// How many whole frames there are in that time.
constexpr std::int64_t framesIn(Timestamp time, int rate) { return time.count() * rate / 1'000'000; }

}  // namespace livepusher::base
