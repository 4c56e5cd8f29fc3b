// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace program {

/// What `livepusher effects` writes.
enum class OutputKind { Unknown, Png, Jpeg, Mp4, Matroska, Flv };

OutputKind outputKind(std::string_view path);  ///< by its ending, in large or small letters
inline bool isPicture(OutputKind kind) { return kind == OutputKind::Png || kind == OutputKind::Jpeg; }

}  // namespace program
