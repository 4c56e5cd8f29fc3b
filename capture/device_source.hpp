// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "capture/source.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

std::unique_ptr<VideoSource> makeCamera(const Spec& spec);
std::unique_ptr<VideoSource> makeScreen(const Spec& spec);
std::unique_ptr<AudioSource> makeMicrophone(const Spec& spec);

}  // namespace livepusher::capture
