// SPDX-License-Identifier: MIT
#include "effects/faces/warp.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "effects/effects.hpp"
#include "effects/faces/face_fade.hpp"
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

namespace livepusher::effects {

namespace {

class FaceWarping final : public VideoEffect {
public:
    explicit FaceWarping(std::shared_ptr<FaceMailbox> mailbox) : mailbox_(std::move(mailbox)) {}

    void apply(VideoFrame& frame, base::PictureSize, const Properties& properties) override {
        if (!properties.customEffect || (properties.faceThinness <= 0 && properties.eyeBigness <= 0)) return;
        // Left out for want of time it goes as it comes: not from one frame to the next.
        level_ = std::clamp(level_ + (mailbox_->warp ? 1 : -1), 0, faces::FaceFade::kFrames);
        const float share = static_cast<float>(level_) / faces::FaceFade::kFrames;
        warp_.apply(frame, mailbox_->faces,
                    {share * static_cast<float>(properties.faceThinness), share * static_cast<float>(properties.eyeBigness)});
    }

private:
    std::shared_ptr<FaceMailbox> mailbox_;
    faces::Warp warp_;
    int level_ = faces::FaceFade::kFrames;
};

}  // namespace

bool wantsFaces(const Properties& properties) {
    return properties.customEffect && (properties.skinWhiteness > 0 || properties.skinSmoothness > 0 ||
                                       properties.faceThinness > 0 || properties.eyeBigness > 0);
}

bool usesFaces(const Properties& properties) { return wantsFaces(properties) || properties.beauty > 0; }

std::unique_ptr<VideoEffect> makeFaceWarp(std::shared_ptr<FaceMailbox> mailbox) {
    return std::make_unique<FaceWarping>(std::move(mailbox));
}

}  // namespace livepusher::effects
