// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "capture/source.hpp"

namespace livepusher::capture {

/// Pictures that the application pushes.
std::unique_ptr<VideoSource> makeAppVideo();

/// Sound that the application pushes.
std::unique_ptr<AudioSource> makeAppAudio();

}  // namespace livepusher::capture
