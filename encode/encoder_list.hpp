// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/devices.hpp>

#include <vector>

namespace livepusher::encode {

/// What livepusher::listEncoders() answers.
std::vector<EncoderInfo> listEncoders();

}  // namespace livepusher::encode
