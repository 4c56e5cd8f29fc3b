// SPDX-License-Identifier: MIT
#include "pipeline/view.hpp"

namespace livepusher::pipeline {

ViewRules viewRules(const Properties& p, capture::SourceKind source) {
    const bool front = source == capture::SourceKind::Camera && p.devicePosition == DevicePosition::front;
    const bool wanted = p.localMirror == LocalMirror::enable || (p.localMirror == LocalMirror::automatic && front);
    // remoteMirror is in the pushed picture already.
    return {.mirror = wanted != p.remoteMirror, .debug = p.debug};
}

VideoFrame View::mirrored(const Shown& shown) const {
    return rules_.get()->mirror && shown.live ? drawing_.mirrored(shown.frame) : shown.frame;
}

VideoFrame View::of(const Shown& shown) const {
    auto frame = mirrored(shown);
    if (rules_.get()->debug) drawing_.text(frame, *statistics_.get());
    return frame;
}

}  // namespace livepusher::pipeline
