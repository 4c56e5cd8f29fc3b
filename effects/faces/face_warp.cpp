// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "effects/faces/face_effects.hpp"
#include "effects/faces/face_fade.hpp"
#include "effects/faces/warp.hpp"

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
