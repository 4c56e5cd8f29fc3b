// SPDX-License-Identifier: MIT
#include "pipeline/view.hpp"

#include "media/mirror.hpp"
#include "media/overlay.hpp"

namespace livepusher::pipeline {

ViewRules viewRules(const Properties& p, capture::SourceKind source) {
    const bool front = source == capture::SourceKind::Camera && p.devicePosition == DevicePosition::front;
    const bool wanted = p.localMirror == LocalMirror::enable || (p.localMirror == LocalMirror::automatic && front);
    // remoteMirror is in the pushed picture already.
    return {.mirror = wanted != p.remoteMirror, .debug = p.debug};
}

VideoFrame View::mirrored(const Shown& shown) const {
    return rules_.get()->mirror && shown.live ? base::mirrored(shown.frame, pool_) : shown.frame;
}

VideoFrame View::of(const Shown& shown) const {
    auto frame = mirrored(shown);
    if (rules_.get()->debug) base::drawText(frame, *statistics_.get(), pool_);
    return frame;
}

}  // namespace livepusher::pipeline
