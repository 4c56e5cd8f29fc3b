// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "capture/source.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

/// An X11 screen, a part of one, or a window, at a steady rate; it is taken up again when it goes and comes back.
std::unique_ptr<VideoSource> makeScreen(const Spec& spec);

}  // namespace livepusher::capture
