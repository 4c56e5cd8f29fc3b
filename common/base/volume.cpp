// SPDX-License-Identifier: MIT
#include <livepusher/volume.hpp>

#include <charconv>
#include <limits>

namespace livepusher {

Volume::Volume(std::string_view text) : value_(std::numeric_limits<double>::quiet_NaN()) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size()) value_ = value;
}

}  // namespace livepusher
