// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "effects/effect.hpp"
#include "media/argb_picture.hpp"

#include <functional>
#include <memory>
#include <string>

namespace livepusher::effects {

/// Reads a picture's file; blocks.
using LoadOverlay = std::function<Result<base::ArgbPicture>(const std::string& path)>;

/// Lays `watermark` over the picture. The file is read on a thread of its own when the path changes; a changed place is
/// followed some frames later. The first frame waits for it, so that none goes out without. A file that can't be used is
/// told to the log, once, and left out. `waits`: every frame waits likewise.
std::unique_ptr<VideoEffect> makeWatermark(LoadOverlay load, bool waits = false);

}  // namespace livepusher::effects
