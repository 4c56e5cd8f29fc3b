// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace livepusher::effects::faces {

/// One plane of a part of a picture, to be warped. Shifts are in px of the picture, whatever the plane's size.
struct Remap {
    const std::uint8_t* from = nullptr;  ///< what it was, all of `width` x `height`; 4 bytes and a row more can be read
    int fromStride = 0;
    std::uint8_t* to = nullptr;  ///< holds the same at first; only what changes is written
    int toStride = 0;
    int width = 0, height = 0;             ///< px of this plane
    int cell = 0;                          ///< px of this plane: 16, 8 or 4
    int columns = 0, rows = 0;             ///< of cells; the last ones may reach beyond width and height
    const std::int32_t* shiftX = nullptr;  ///< (columns + 1) * (rows + 1), in 1/256 px of the picture
    const std::int32_t* shiftY = nullptr;
    int halved = 0;  ///< 1: one px of this plane is two of the picture
};

/// Each pixel from where the field says, bilinearly to 1/256 px: whole numbers alone, so that all processors give the same.
/// Where the four shifts around a cell are 0 nothing is written. The fastest way that this processor knows.
void remap(const Remap& plane);

}  // namespace livepusher::effects::faces
