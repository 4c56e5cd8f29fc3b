// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "media/orientation.hpp"

namespace livepusher::capture {

/// What EXIF's orientation (EXIF 2.32 §4.6.4, tag 0x0112) asks for; none for a number that is not 1..8.
base::Orientation exifOrientation(int number);

/// The orientation in a block of EXIF, a TIFF file of its own, with or without "Exif\0\0" before it: 1..8; 1 where it doesn't
/// tell or is damaged. [any-thread]
int readExif(std::span<const std::uint8_t> block);

/// The same of a whole JPEG (APP1), PNG (eXIf) or WebP file (EXIF): 1 also for what is none of them. Reads headers only.
/// [any-thread]
int readPictureExif(std::span<const std::uint8_t> file);

}  // namespace livepusher::capture
