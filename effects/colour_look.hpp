// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "effects/cube_file.hpp"
#include "effects/rgb.hpp"

#include <string>

namespace livepusher::effects {

/// What the properties say about colours.
struct ColourLook {
    int whiteness = 0;  ///< 0 none .. 9
    Filter filter = Filter::standard;
    double strength = 1;  ///< of the filter, 0..1
    std::string file;     ///< a .cube's path; empty: none

    bool nothing() const { return whiteness == 0 && (filter == Filter::standard || strength <= 0) && file.empty(); }
    bool operator==(const ColourLook&) const = default;
};

/// With what has no effect in its plainest form, so that two that look the same are the same.
ColourLook colourLook(const Properties& properties);

/// A named filter at full strength, of a colour within 0..1.
Rgb filtered(const Rgb& rgb, Filter filter);

/// The whole look: whiteness, filter, then the file's table (null: none). Of any Yuv, within the range of colours.
Yuv recoloured(const Yuv& yuv, const ColourLook& look, const Cube* cube, bool bt709);

}  // namespace livepusher::effects
