// SPDX-License-Identifier: MIT
#include "effects/effects.hpp"

#include "effects/skin_look.hpp"
#include "effects/skin_mask.hpp"
#include "effects/smoothing_kernels.hpp"
#include "media/frame_pool.hpp"
#include "media/writable.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

namespace livepusher::effects {

namespace {

/// How far around a cell the filter looks: as far as skin's texture is wide, so with the face or else the picture.
int radiusFor(const VideoFrame& frame, std::span<const FaceShape> faces) {
    float width = 0;
    for (const auto& face : faces) width = std::max(width, face.width);
    if (width > 0) return std::clamp(static_cast<int>(std::lround(width / 100)), 3, 8);
    return std::clamp((std::min(frame.width(), frame.height()) + 90) / 180, 2, 8);
}

class Smoothing final : public VideoEffect {
public:
    explicit Smoothing(std::shared_ptr<const FaceMailbox> mailbox) : mailbox_(std::move(mailbox)) {}

    void apply(VideoFrame& frame, base::PictureSize, const Properties& properties) override {
        const auto look = skinLook(properties);
        if (look.nothing() || (mailbox_ && !mailbox_->smooth)) {
            usesLeft_ = 0;
            return;
        }
        const bool fits = gain_.width() == (frame.width() + 3) / 4 && gain_.height() == (frame.height() + 3) / 4;
        if (usesLeft_ <= 0 || !fits || look != look_) find(frame, look);
        --usesLeft_;
        if (mask_.rows().begin == mask_.rows().end) return;
        base::ensureWritable(frame, frames_);
        kernels::applyGain(frame.mutablePlane(0), frame.stride(0), frame.width(), frame.height(), gain_, offset_, mask_.extents(),
                           lines_);
    }

private:
    /// What becomes of each cell.
    void find(const VideoFrame& frame, const SkinLook& look) {
        usesLeft_ = mailbox_ ? mailbox_->skinEvery : 1;
        look_ = look;
        if (look.whiteness != whiteness_) drawCurve(look.whiteness);
        const auto faces = mailbox_ ? std::span<const FaceShape>(mailbox_->faces) : std::span<const FaceShape>();

        const int width = (frame.width() + 3) / 4, height = (frame.height() + 3) / 4;
        for (auto* plane : {&luma_, &a_, &b_, &gain_, &offset_}) plane->resize(width, height);
        kernels::shrinkLuma({frame.plane(0), frame.stride(0), frame.width(), frame.height()}, luma_);
        mask_.find(frame, luma_, faces);
        const auto skin = mask_.rows();
        if (skin.begin == skin.end) return;

        const int r = radiusFor(frame, faces);
        const auto around = [&](int rows) {
            return kernels::Rows{std::max(skin.begin - rows, 0), std::min(skin.end + rows, height)};
        };
        kernels::guide(luma_, r, look.eps(), around(r + 1), sums_, a_, b_);
        const kernels::Mix mix{.strength = look.smooths() ? look.strength() : 0,
                               .textureKept = look.textureKept(),
                               .curve = look.whiteness > 0 ? curve_.data() : nullptr,
                               .slope = slope_.data()};
        kernels::fold(a_, b_, luma_, mask_.cells(), mix, r, around(1), sums_, gain_, offset_);
    }

    void drawCurve(double whiteness) {
        constexpr double kBlack = 16, kRange = 219;
        for (std::size_t i = 0; i < curve_.size(); ++i) {
            const double luma = (static_cast<double>(i) - kBlack) / kRange;
            const bool inside = luma >= 0 && luma <= 1;  // beyond black and white nothing changes
            curve_[i] = static_cast<float>(inside ? kBlack + kRange * brightened(luma, whiteness) : static_cast<double>(i));
            slope_[i] = static_cast<float>(inside ? std::min(brighteningSlope(luma, whiteness), 1.99) : 1);
        }
        whiteness_ = whiteness;
    }

    std::shared_ptr<const FaceMailbox> mailbox_;
    SkinMask mask_;
    Plane<std::int16_t> luma_, a_, b_, gain_, offset_;
    kernels::ColumnSums sums_;
    kernels::Lines lines_;
    std::array<float, 256> curve_{}, slope_{};
    double whiteness_ = 0;
    SkinLook look_;
    int usesLeft_ = 0;  // of what was found last
    base::FramePool frames_;
};

}  // namespace

std::unique_ptr<VideoEffect> makeSmoothing(std::shared_ptr<const FaceMailbox> mailbox) {
    return std::make_unique<Smoothing>(std::move(mailbox));
}

}  // namespace livepusher::effects
