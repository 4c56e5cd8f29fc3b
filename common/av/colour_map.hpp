// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "av/source_colours.hpp"

namespace livepusher::capture {

/// The way from the 10-bit YUV of other colours (HDR, BT.2020) to the 8-bit limited YUV of BT.709 SDR, exactly: HDR's
/// white comes out as SDR's, what is brighter is rolled off into what is left above 90 %.
class ColourFormula {
public:
    /// In steps of 8-bit limited range; may lie outside of 0..255.
    struct Yuv {
        double y, u, v;
    };
    explicit ColourFormula(const SourceColours& colours);

    /// Of 10-bit values, 0..1023.
    Yuv operator()(double y, double u, double v) const;

private:
    using Rgb = std::array<double, 3>;
    Rgb decoded(double y, double u, double v) const;  ///< R'G'B', 0..1
    Rgb light(const Rgb& signal) const;               ///< linear, 1: SDR's white
    double lightOf(double signal) const;              ///< of one component; of the scene for HLG

    SourceColours colours_;
    std::array<Rgb, 3> gamut_{};  ///< rows, to BT.709's primaries
    double knee_ = 0;             ///< of the roll-off: its curvature; 0: nothing is brighter than white
    std::vector<float> lights_;   ///< lightOf() by signal, which is slow
};

/// The same as a table, for pictures that come many times a second: at grey exact, elsewhere between nodes.
class ColourMap {
public:
    // Chroma's nodes lie closer: that is where the formula bends.
    static constexpr unsigned kLumaStep = 32, kChromaStep = 16;    ///< of 10-bit values from node to node
    static constexpr unsigned kLumaNodes = 33, kChromaNodes = 65;  ///< (u, v, y), y fastest
    static constexpr int kOne = 64;                                ///< one step of 8 bits, in the table
    static constexpr int kValues = 4;  ///< of a node: what luma differs from grey's, U and V from 128, 0

    explicit ColourMap(const SourceColours& colours);  ///< takes some 20 ms

    const SourceColours& colours() const { return colours_; }
    const std::int16_t* grey() const { return grey_.data(); }    ///< luma of grey by 10-bit luma
    const std::int16_t* nodes() const { return nodes_.data(); }  ///< the last can be read with one more behind it

private:
    SourceColours colours_;
    std::array<std::int16_t, 1024> grey_{};
    std::vector<std::int16_t> nodes_;
};

}  // namespace livepusher::capture
