// SPDX-License-Identifier: MIT
#pragma once

#include "display/window.hpp"

namespace livepusher::display {

/// What makes this build's window; empty where it has none.
WindowFactory windowFactory();

}  // namespace livepusher::display
