// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "capture/source.hpp"

namespace livepusher::capture {

/// Which of a composed source's two takes what the application asks of a camera.
enum class ComposedCamera { Main, Inset };

/// `main` with the newest picture of `inset` in a corner of each frame. What `main` does is what this source does. `inset`
/// is opened beside it and again after each failure, all of which onCode hears of; without a frame of it for 5 s `main`
/// stands alone.
std::unique_ptr<VideoSource> makeComposed(std::unique_ptr<VideoSource> main, std::unique_ptr<VideoSource> inset,
                                          ComposedCamera camera);

}  // namespace livepusher::capture
