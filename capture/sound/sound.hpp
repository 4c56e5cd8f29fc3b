// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "capture/source.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

/// A microphone of the sound server or of ALSA; of `with` only the first counts, what the machine plays, and is mixed in.
std::unique_ptr<AudioSource> makeMicrophone(const Spec& spec);
/// What the machine plays: the monitor of a sink of the sound server.
std::unique_ptr<AudioSource> makeSystemSound(const Spec& spec);

}  // namespace livepusher::capture
