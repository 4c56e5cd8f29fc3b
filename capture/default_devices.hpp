// SPDX-License-Identifier: MIT
#pragma once

namespace livepusher::capture {

/// True when a video device exists; nothing is opened. [any-thread]
bool anyCamera();

/// True when a sound server or a card with an input seems to be there; nothing is connected. [any-thread]
bool anyMicrophone();

}  // namespace livepusher::capture
