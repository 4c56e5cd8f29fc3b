// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "capture/music.hpp"

namespace livepusher::capture {

/// Begins to open it at once, on a thread of its own; whatever is wrong with it comes as an event. [control]
std::unique_ptr<Music> makeMusic(MusicSettings settings, MusicEvents events);

}  // namespace livepusher::capture
