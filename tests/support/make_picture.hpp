// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace livepusher::capture {

using Rgba = std::array<int, 4>;

/// What the corners of a made picture look like: the pictures are four fields of one colour each.
struct Corners {
    Rgba topLeft{220, 40, 40, 255};
    Rgba topRight{40, 200, 40, 255};
    Rgba bottomLeft{40, 40, 220, 255};
    Rgba bottomRight{240, 240, 240, 255};
};

/// A picture file, coded by libavcodec.
struct PictureRecipe {
    const char* codec = "png";
    AVPixelFormat format = AV_PIX_FMT_RGB24;
    int width = 64;
    int height = 48;
    Corners corners{};
    bool lossless = true;  ///< WebP
};

/// Its bytes.
std::string makePicture(const PictureRecipe& recipe);

/// A block of EXIF that tells how to turn a picture, 1..8: a TIFF header and one entry.
std::string exifBlock(int orientation, bool bigEndian = false);

/// The bytes of a JPEG, PNG or WebP with such a block.
std::string withOrientation(const std::string& picture, int orientation);

/// A PNG's bytes with one more chunk behind its header, whose sum is right.
std::string withChunk(const std::string& png, const std::string& name, const std::string& data);

/// 8 x 8 pixels of one grey: a JPEG of a single component.
std::string greyJpeg();

}  // namespace livepusher::capture
