// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/export.hpp>

#include <string_view>

namespace livepusher {

/// A level of 0..1, from a number or, as the live-room-push documents have it, from text ("0.5"). What is no number
/// becomes NaN, which the methods refuse.
class LIVEPUSHER_API Volume {
public:
    Volume(double value) : value_(value) {}  ///< from a number; not explicit, so that `.volume = 0.5` reads as it is meant
    Volume(std::string_view text);           ///< from text
    Volume(const char* text) : Volume(std::string_view(text)) {}  ///< from text
    operator double() const { return value_; }                    ///< the number

private:
    double value_;
};

}  // namespace livepusher
