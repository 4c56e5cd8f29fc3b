// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <utility>

namespace program {

/// What was asked for makes no sense; `message` says what, and what does.
inline livepusher::Error invalid(std::string message) { return {livepusher::Code::InvalidArgument, std::move(message)}; }

}  // namespace program
