// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <cstdint>
#include <span>

namespace livepusher::encode {

/// Makes what a coded packet of AAC-LC (a raw_data_block of one or two channels, ISO/IEC 14496-3 §4.4.2.1) decodes to louder by
/// 2^(steps/4), in place: its scale factors are relative to one number a channel, the global gain, and that is raised. Nothing is
/// encoded anew and no bit moves. Errors: AudioEncodeFailed, for a packet that is none or can't be made so loud; it is spoilt
/// then.
Result<void> raiseAacGain(std::span<std::uint8_t> packet, int sampleRate, int steps);

}  // namespace livepusher::encode
