// SPDX-License-Identifier: MIT
#include "effects/skin_mask.hpp"

#include "effects/polygon.hpp"
#include "effects/rgb.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace livepusher::effects {

namespace {

using kernels::Gate;

/// The colours of skin under ordinary light: an ellipse in (Cb, Cr) as Hsu, Abdel-Mottaleb and Jain found it (2002), its
/// edge soft from 0.8 to 1.2 of its axes.
Gate ordinarySkin() {
    constexpr float kLong = 24, kShort = 14, kCos = 0.7986F, kSin = 0.6018F;  // axes; 37 degrees
    constexpr float kScale = 6.25F;                                           // (1 / 0.4)²: 0.8 becomes 2, 1.2 becomes 3
    constexpr float kAlong = kScale / (kLong * kLong), kAcross = kScale / (kShort * kShort);
    Gate gate;
    gate.cb = 108 - 128;
    gate.cr = 152 - 128;
    gate.cbCb = kCos * kCos * kAlong + kSin * kSin * kAcross;
    gate.crCr = kSin * kSin * kAlong + kCos * kCos * kAcross;
    gate.cbCr = kSin * kCos * (kAcross - kAlong);
    return gate;
}

/// The outline in cells, drawn larger about its middle.
template <std::size_t kCount>
std::array<Point, kCount> outlineOf(const FaceShape& face, const std::array<std::uint16_t, kCount>& indices, float size) {
    std::array<Point, kCount> outline{};
    Point middle;
    for (std::size_t i = 0; i < kCount; ++i) {
        outline[i] = {face.points[indices[i]].x / 4, face.points[indices[i]].y / 4};
        middle.x += outline[i].x / kCount;
        middle.y += outline[i].y / kCount;
    }
    for (auto& point : outline) point = {between(middle.x, point.x, size), between(middle.y, point.y, size)};
    return outline;
}

std::int16_t share255(int value, int of255) { return static_cast<std::int16_t>((value * of255 + 127) / 255); }

}  // namespace

void SkinMask::find(const VideoFrame& frame, const Plane<std::int16_t>& luma, std::span<const FaceShape> faces) {
    const int width = luma.width(), height = luma.height();
    for (auto* plane : {&cb_, &cr_, &mask_, &blurred_}) plane->resize(width, height);
    kernels::shrinkChroma({frame.plane(1), frame.stride(1), frame.width() / 2, frame.height() / 2}, cb_);
    kernels::shrinkChroma({frame.plane(2), frame.stride(2), frame.width() / 2, frame.height() / 2}, cr_);

    float presence = 0;
    for (const auto& face : faces) presence = std::max(presence, std::clamp(face.opacity, 0.0F, 1.0F));
    auto gate = ordinarySkin();
    if (presence > 0) {
        drawFaces(faces, presence);
        learnColour(presence);
        if (knowsColour_) {
            // The inverse of a 2x2 matrix. Fades with the face, by its elements: what is between two ellipses is one.
            const float determinant = colour_.cbCb * colour_.crCr - colour_.cbCr * colour_.cbCr;
            gate.cb = between(gate.cb, colour_.cb, presence);
            gate.cr = between(gate.cr, colour_.cr, presence);
            gate.cbCb = between(gate.cbCb, colour_.crCr / determinant, presence);
            gate.crCr = between(gate.crCr, colour_.cbCb / determinant, presence);
            gate.cbCr = between(gate.cbCr, -colour_.cbCr / determinant, presence);
        }
    } else {
        knowsColour_ = false;
    }
    kernels::gateColours(gate, luma, cb_, cr_, blurred_);
    if (presence > 0)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) blurred_.at(x, y) = share255(blurred_.at(x, y), region_.at(x, y));
    // Chroma is noisy: a mask of single cells would flicker.
    kernels::boxMean(blurred_, 1, sums_, mask_);
    kernels::boxMean(mask_, 1, sums_, blurred_);
    std::swap(mask_, blurred_);
    measureExtents();
}

/// 255 inside, half of it outside, 0 on eyes, lips and brows; each as far as the face is there.
void SkinMask::drawFaces(std::span<const FaceShape> faces, float presence) {
    const int width = mask_.width(), height = mask_.height();
    region_.resize(width, height);
    const auto outside = static_cast<std::int16_t>(255 - std::lround(127 * presence));
    for (int y = 0; y < height; ++y) std::fill_n(region_.row(y), width, outside);
    for (const auto& face : faces) {
        const auto oval = outlineOf(face, kFaceOval, 1);
        paintPolygon(oval, width, height, [&](int x, int y, int coverage) {
            auto& cell = region_.at(x, y);
            cell = std::max(cell, static_cast<std::int16_t>(outside + share255(255 - outside, coverage)));
        });
    }
    for (const auto& face : faces) {
        const auto opacity = static_cast<int>(std::lround(255 * std::clamp(face.opacity, 0.0F, 1.0F)));
        const auto spare = [&](const auto& indices, float size) {
            const auto outline = outlineOf(face, indices, size);
            paintPolygon(outline, width, height, [&](int x, int y, int coverage) {
                auto& cell = region_.at(x, y);
                cell = std::min(cell, share255(255, 255 - share255(opacity, coverage)));
            });
        };
        spare(kRightEye, 1.5F);
        spare(kLeftEye, 1.5F);
        spare(kLips, 1.2F);
        spare(kRightBrow, 1.2F);
        spare(kLeftBrow, 1.2F);
    }
}

/// From the cells that are wholly inside.
void SkinMask::learnColour(float presence) {
    double count = 0, b = 0, r = 0, bb = 0, br = 0, rr = 0;
    const int inside = 250;
    for (int y = 0; y < region_.height(); ++y) {
        for (int x = 0; x < region_.width(); ++x) {
            if (region_.at(x, y) < inside) continue;
            const double u = cb_.at(x, y) / 4.0, v = cr_.at(x, y) / 4.0;
            count += 1;
            b += u;
            r += v;
            bb += u * u;
            br += u * v;
            rr += v * v;
        }
    }
    if (count < 20 || presence < 0.1F) return;  // a face of a few cells tells nothing
    constexpr double kLeast = 4;                // a smooth lit face has hardly any variance: be no stricter than two steps
    const double meanB = b / count, meanR = r / count;
    const Colour seen{static_cast<float>(meanB), static_cast<float>(meanR),
                      static_cast<float>(bb / count - meanB * meanB + kLeast), static_cast<float>(br / count - meanB * meanR),
                      static_cast<float>(rr / count - meanR * meanR + kLeast)};
    const float share = knowsColour_ ? 0.15F : 1.0F;
    knowsColour_ = true;
    colour_ = {between(colour_.cb, seen.cb, share), between(colour_.cr, seen.cr, share), between(colour_.cbCb, seen.cbCb, share),
               between(colour_.cbCr, seen.cbCr, share), between(colour_.crCr, seen.crCr, share)};
}

void SkinMask::measureExtents() {
    extents_.resize(static_cast<std::size_t>(mask_.height()));
    rows_ = {};
    for (int y = 0; y < mask_.height(); ++y) {
        const auto* row = mask_.row(y);
        int begin = 0, end = mask_.width();
        while (begin < end && row[begin] == 0) ++begin;
        while (end > begin && row[end - 1] == 0) --end;
        extents_[static_cast<std::size_t>(y)] = {begin, end};
        if (begin == end) continue;
        if (rows_.begin == rows_.end) rows_.begin = y;
        rows_.end = y + 1;
    }
}

}  // namespace livepusher::effects
