// SPDX-License-Identifier: MIT
#include "av/colour_map.hpp"

#include <algorithm>
#include <cmath>

#include "media/matrix.hpp"

namespace livepusher::capture {
namespace {

using Rgb = std::array<double, 3>;

constexpr double kGamma = 2.4;        // of an SDR display: ITU-R BT.1886
constexpr double kKnee = 0.94;        // of SDR's signal, above which highlights are rolled off
constexpr double kHlgNominal = 1000;  // cd/m²
constexpr double kHdrWhite = 203;     // ITU-R BT.2408
constexpr double kLights = 4096;      // of signal 1, in the table of lights

/// ITU-R BT.2100 table 4: signal 0..1 to cd/m².
double pqLight(double signal) {
    constexpr double m1 = 2610.0 / 16384, m2 = 2523.0 / 32, c1 = 3424.0 / 4096, c2 = 2413.0 / 128, c3 = 2392.0 / 128;
    const double power = std::pow(std::clamp(signal, 0.0, 1.0), 1 / m2);
    return 10'000 * std::pow(std::max(power - c1, 0.0) / (c2 - c3 * power), 1 / m1);
}

/// ITU-R BT.2100 table 5: signal 0..1 to light of the scene, 0..1.
double hlgScene(double signal) {
    constexpr double a = 0.17883277, b = 0.28466892, c = 0.55991073;
    const double s = std::clamp(signal, 0.0, 1.1);
    return s <= 0.5 ? s * s / 3 : (std::exp((s - c) / a) + b) / 12;
}

/// The power function that keeps the sign: colours outside of BT.709 stay outside, to be cut where they are shown.
double power(double value, double exponent) {
    const auto size = std::pow(static_cast<float>(std::abs(value)), static_cast<float>(exponent));  // twice as fast as double's
    return std::copysign(static_cast<double>(size), value);
}

/// An SDR signal of light, its slope bounded near 0: there PQ's steps would show as changes of hue. `most`: the brightest
/// component, against which small is small.
double signalOf(double value, double most) {
    constexpr double kSmall = 0.05;
    const double bound = kSmall * most;
    if (value > bound) return power(value, 1 / kGamma);
    return bound > 0 ? value / bound * power(bound, 1 / kGamma) : value;
}

using base::kBt709;

base::LumaWeights weightsOf(AVColorSpace matrix) {  // ITU-T H.273 table 4
    switch (matrix) {
        case AVCOL_SPC_BT709: return kBt709;
        case AVCOL_SPC_SMPTE170M: return base::kBt601;
        case AVCOL_SPC_SMPTE240M: return {0.212, 0.087};
        default: return {0.2627, 0.0593};
    }
}

/// To BT.709's primaries, white D65 at both ends: ITU-R BT.2087 annex 1, and the same made for P3.
std::array<Rgb, 3> gamutOf(AVColorPrimaries primaries) {
    if (primaries == AVCOL_PRI_BT2020)
        return {{{1.6605, -0.5876, -0.0728}, {-0.1246, 1.1329, -0.0083}, {-0.0182, -0.1006, 1.1187}}};
    if (primaries == AVCOL_PRI_SMPTE432)
        return {{{1.2249, -0.2247, -0.0002}, {-0.0420, 1.0419, 0.0001}, {-0.0196, -0.0786, 1.0982}}};
    return {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
}

std::int16_t fixed(double steps) {
    return static_cast<std::int16_t>(std::lround(std::clamp(steps, -255.0, 255.0) * ColourMap::kOne));
}

}  // namespace

ColourFormula::ColourFormula(const SourceColours& colours) : colours_(colours), gamut_(gamutOf(colours.primaries)) {
    if (!colours.isHdr()) return;
    lights_.resize(static_cast<std::size_t>(kLights * 1.1) + 2);
    for (std::size_t i = 0; i < lights_.size(); ++i) lights_[i] = static_cast<float>(lightOf(static_cast<double>(i) / kLights));
    const bool hlg = colours.transfer == AVCOL_TRC_ARIB_STD_B67;
    const double peak = hlg ? kHlgNominal / kHdrWhite : static_cast<double>(colours.peak) / colours.white;
    if (peak <= 1) return;
    // From the knee on k + x / (1 + a x): its slope begins at 1, and a is such that the peak comes out as 1.
    knee_ = 1 / (1 - kKnee) - 1 / (std::pow(peak, 1 / kGamma) - kKnee);
}

ColourFormula::Rgb ColourFormula::decoded(double y, double u, double v) const {
    const double luma = colours_.full ? y / 1023 : (y - 64) / 876;
    const double scale = colours_.full ? 1023 : 896;
    const double cb = (u - 512) / scale, cr = (v - 512) / scale;
    if (colours_.matrix == AVCOL_SPC_YCGCO) return {luma - cb + cr, luma + cb, luma - cb - cr};
    const auto weights = weightsOf(colours_.matrix);
    const double red = luma + 2 * (1 - weights.red) * cr, blue = luma + 2 * (1 - weights.blue) * cb;
    return {red, (luma - weights.red * red - weights.blue * blue) / weights.green(), blue};
}

double ColourFormula::lightOf(double signal) const {
    return colours_.transfer == AVCOL_TRC_SMPTE2084 ? pqLight(signal) / colours_.white : hlgScene(signal);
}

ColourFormula::Rgb ColourFormula::light(const Rgb& signal) const {
    Rgb out{};
    if (!colours_.isHdr()) {
        for (std::size_t i = 0; i < 3; ++i) out[i] = power(signal[i], kGamma);
        return out;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        const double at = std::clamp(signal[i], 0.0, 1.1) * kLights;
        const auto below = static_cast<std::size_t>(at);
        const double low = lights_[below], high = lights_[below + 1];
        out[i] = low + (high - low) * (at - static_cast<double>(below));
    }
    if (colours_.transfer != AVCOL_TRC_ARIB_STD_B67) return out;
    // The system gamma of a display of 1000 cd/m² (ITU-R BT.2100 table 5).
    const double luminance = 0.2627 * out[0] + 0.6780 * out[1] + 0.0593 * out[2];
    for (auto& value : out) value *= std::pow(luminance, 0.2) * kHlgNominal / kHdrWhite;
    return out;
}

ColourFormula::Yuv ColourFormula::operator()(double y, double u, double v) const {
    const auto from = light(decoded(y, u, v));
    Rgb rgb{};
    for (std::size_t i = 0; i < 3; ++i) rgb[i] = gamut_[i][0] * from[0] + gamut_[i][1] * from[1] + gamut_[i][2] * from[2];
    const double brightest = std::max({rgb[0], rgb[1], rgb[2]});
    for (auto& value : rgb) value = signalOf(value, brightest);
    // All three by the same share, so that hues stay.
    const double most = std::max({rgb[0], rgb[1], rgb[2]});
    if (knee_ > 0 && most > kKnee) {
        const double above = most - kKnee, rolled = kKnee + above / (1 + knee_ * above);
        for (auto& value : rgb) value *= rolled / most;
    }
    const double luma = kBt709.red * rgb[0] + kBt709.green() * rgb[1] + kBt709.blue * rgb[2];
    return {16 + 219 * luma, 128 + 224 * (rgb[2] - luma) / (2 * (1 - kBt709.blue)),
            128 + 224 * (rgb[0] - luma) / (2 * (1 - kBt709.red))};
}

ColourMap::ColourMap(const SourceColours& colours)
    : colours_(colours), nodes_((std::size_t{kChromaNodes} * kChromaNodes * kLumaNodes + 1) * kValues) {
    const ColourFormula formula(colours);
    for (std::size_t y = 0; y < grey_.size(); ++y) grey_[y] = fixed(formula(static_cast<double>(y), 512, 512).y);
    std::array<double, kLumaNodes> grey{};
    for (unsigned y = 0; y < kLumaNodes; ++y) grey[y] = formula(y * kLumaStep, 512, 512).y;
    auto* node = nodes_.data();
    for (unsigned u = 0; u < kChromaNodes; ++u) {
        for (unsigned v = 0; v < kChromaNodes; ++v) {
            for (unsigned y = 0; y < kLumaNodes; ++y, node += kValues) {
                const auto made = formula(y * kLumaStep, u * kChromaStep, v * kChromaStep);
                node[0] = fixed(made.y - grey[y]);
                node[1] = fixed(made.u - 128);
                node[2] = fixed(made.v - 128);
            }
        }
    }
}

}  // namespace livepusher::capture
