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
    explicit Impl(EffectPace pace) : parts_(realEffects(pace)) {}

    Result<void> setProperties(const Properties& properties) {
        if (auto valid = validate(properties); !valid) return valid;
        if (auto able = parts_.check(properties); !able) return able;
        properties_ = properties;
        return {};
    }

    Result<VideoFrame> apply(VideoFrame frame) {
        if (!frame) return Error{Code::InvalidArgument, "frame: has no picture"};
        const auto target = targetOf(frame);
        parts_.chain->apply(frame, target, properties_);
        return frame;
    }

    Result<VideoFrame> apply(const VideoFrameView& view) {
        if (auto good = base::checkView(view); !good) return good.error();
        auto frame = frames_.take(view.width, view.height);
        base::convertView(view, frame);
        frame.pts = view.pts;
        return apply(std::move(frame));
    }

private:
    base::PictureSize targetOf(const VideoFrame& frame) const {
        if (properties_.videoWidth && properties_.videoHeight) return {*properties_.videoWidth, *properties_.videoHeight};
        const bool known = frame.sampleAspectNum > 0 && frame.sampleAspectDen > 0;
        const double aspect = known ? static_cast<double>(frame.sampleAspectNum) / frame.sampleAspectDen : 1;
        const int width = std::clamp(static_cast<int>(std::lround(frame.width() * aspect / 2)) * 2, 2, 8192);
        return base::orientationOf(frame).onItsSide() ? base::PictureSize{frame.height(), width}
                                                      : base::PictureSize{width, frame.height()};
    }

    EffectParts parts_;
    Properties properties_;
    base::FramePool frames_;
};

EffectChain::EffectChain(EffectPace pace) : impl_(std::make_unique<Impl>(pace)) {}
EffectChain::~EffectChain() = default;
EffectChain::EffectChain(EffectChain&&) noexcept = default;
EffectChain& EffectChain::operator=(EffectChain&&) noexcept = default;

Result<void> EffectChain::setProperties(const Properties& properties) { return impl_->setProperties(properties); }
Result<VideoFrame> EffectChain::apply(VideoFrame frame) { return impl_->apply(std::move(frame)); }
Result<VideoFrame> EffectChain::apply(const VideoFrameView& view) { return impl_->apply(view); }

}  // namespace livepusher
