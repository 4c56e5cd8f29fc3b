// SPDX-License-Identifier: MIT
#include <livepusher/effects.hpp>

#include "effects/effect.hpp"
#include "media/frame_pool.hpp"
#include "media/orientation.hpp"
#include "media/pixels.hpp"
#include "wiring.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace livepusher {

class EffectChain::Impl {
public:
    explicit Impl(EffectPace pace) : parts(realEffects(pace)) {}

    base::PictureSize targetOf(const VideoFrame& frame) const {
        if (properties.videoWidth && properties.videoHeight) return {*properties.videoWidth, *properties.videoHeight};
        const bool known = frame.sampleAspectNum > 0 && frame.sampleAspectDen > 0;
        const double aspect = known ? static_cast<double>(frame.sampleAspectNum) / frame.sampleAspectDen : 1;
        const int width = std::clamp(static_cast<int>(std::lround(frame.width() * aspect / 2)) * 2, 2, 8192);
        return base::orientationOf(frame).onItsSide() ? base::PictureSize{frame.height(), width}
                                                      : base::PictureSize{width, frame.height()};
    }

    EffectParts parts;
    Properties properties;
    base::FramePool frames;
};

EffectChain::EffectChain(EffectPace pace) : impl_(std::make_unique<Impl>(pace)) {}
EffectChain::~EffectChain() = default;
EffectChain::EffectChain(EffectChain&&) noexcept = default;
EffectChain& EffectChain::operator=(EffectChain&&) noexcept = default;

Result<void> EffectChain::setProperties(const Properties& properties) {
    if (auto valid = validate(properties); !valid) return valid;
    if (auto able = impl_->parts.check(properties); !able) return able;
    impl_->properties = properties;
    return {};
}

Result<VideoFrame> EffectChain::apply(VideoFrame frame) {
    if (!frame) return Error{Code::InvalidArgument, "frame: has no picture"};
    const auto target = impl_->targetOf(frame);
    impl_->parts.chain->apply(frame, target, impl_->properties);
    return frame;
}

Result<VideoFrame> EffectChain::apply(const VideoFrameView& view) {
    if (auto good = base::checkView(view); !good) return good.error();
    auto frame = impl_->frames.take(view.width, view.height);
    base::convertView(view, frame);
    frame.pts = view.pts;
    return apply(std::move(frame));
}

}  // namespace livepusher
