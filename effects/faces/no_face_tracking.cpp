// SPDX-License-Identifier: MIT
// What there is in a build without XNNPACK.
#include <utility>

#include "effects/effects.hpp"

namespace livepusher::effects {

namespace {

class NoFaces final : public VideoEffect {
public:
    explicit NoFaces(std::shared_ptr<FaceMailbox> mailbox) : mailbox_(std::move(mailbox)) {}
    void apply(VideoFrame&, base::PictureSize, const Properties&) override { mailbox_->faces.clear(); }

private:
    std::shared_ptr<FaceMailbox> mailbox_;
};

}  // namespace

Result<void> checkFaceEffects(const Properties& properties) {
    if (!wantsFaces(properties)) return {};
    return Error{Code::NotAvailable,
                 "skinWhiteness, skinSmoothness, faceThinness and eyeBigness need a build that finds faces "
                 "(LIVEPUSHER_WITH_FACES=ON, by libxnnpack-dev)"};
}

std::unique_ptr<VideoEffect> makeFaceTracking(std::shared_ptr<FaceMailbox> mailbox, FaceTiming, OnFailed) {
    return std::make_unique<NoFaces>(std::move(mailbox));
}

}  // namespace livepusher::effects
