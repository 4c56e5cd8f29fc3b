// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace livepusher::base {

constexpr int kGlyphWidth = 5, kGlyphHeight = 8;  ///< px, without the space between letters and lines

/// A letter: its rows from the top, the leftmost pixel in bit 4.
using Glyph = std::array<std::uint8_t, kGlyphHeight>;

/// The shape of an ASCII letter; a question mark for what is none.
const Glyph& glyphOf(char c);

}  // namespace livepusher::base
