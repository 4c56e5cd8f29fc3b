// SPDX-License-Identifier: MIT
#include "effects/faces/warp.hpp"

#include <cstring>

#include "effects/faces/remap.hpp"
#include "media/writable.hpp"

namespace livepusher::effects::faces {

void Warp::apply(VideoFrame& frame, std::span<const FaceShape> faces, const WarpStrength& strength) {
    for (const auto& face : faces) {
        fillField(face, strength, frame.width(), frame.height(), field_);
        if (field_.empty()) continue;
        base::ensureWritable(frame, pool_);
        applyField(frame);
    }
}

void Warp::applyField(VideoFrame& frame) {
    for (int i = 0; i < 3; ++i) {
        const int halved = i > 0;
        Remap plane;
        plane.halved = halved;
        plane.width = field_.part.width >> halved;
        plane.height = field_.part.height >> halved;
        plane.cell = field_.cell >> halved;
        plane.columns = field_.columns;
        plane.rows = field_.rows;
        plane.shiftX = field_.shiftX.data();
        plane.shiftY = field_.shiftY.data();
        plane.toStride = frame.stride(i);
        plane.to = frame.mutablePlane(i) + static_cast<std::ptrdiff_t>(field_.part.y >> halved) * plane.toStride +
                   (field_.part.x >> halved);
        // What a pixel shows may have been written over by then: the plane as it was, with room to read a pair of pixels at
        // its last row and column.
        auto& before = before_[static_cast<std::size_t>(i)];
        plane.fromStride = (plane.width + 4 + 63) & ~63;
        const auto bytes = static_cast<std::size_t>(plane.fromStride) * static_cast<std::size_t>(plane.height + 2);
        if (before.size() < bytes) before.resize(bytes);
        for (int y = 0; y < plane.height; ++y)
            std::memcpy(before.data() + static_cast<std::ptrdiff_t>(y) * plane.fromStride,
                        plane.to + static_cast<std::ptrdiff_t>(y) * plane.toStride, static_cast<std::size_t>(plane.width));
        plane.from = before.data();
        remap(plane);
    }
}

}  // namespace livepusher::effects::faces
