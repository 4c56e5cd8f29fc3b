// SPDX-License-Identifier: MIT
#include "pipeline/waiting_image.hpp"

#include <utility>

namespace livepusher::pipeline {

WaitingImage::WaitingImage(Stages::LoadPicture load, ControlLoop& control, OnLoaded onLoaded)
    : load_(std::move(load)), control_(control), onLoaded_(std::move(onLoaded)) {}

void WaitingImage::cancel() {
    if (cancelled_) *cancelled_ = true;
    cancelled_.reset();
}

void WaitingImage::want(const Properties& p, bool again) {
    const bool same = step_ != Step::None && p.waitingImage == place_ && p.waitingImageHash == hash_ && p.caFile == caFile_;
    if (same && (step_ != Step::Failed || !again)) return;
    cancel();
    place_ = p.waitingImage;
    hash_ = p.waitingImageHash;
    caFile_ = p.caFile;
    if (place_.empty()) {
        if (std::exchange(step_, Step::None) == Step::Loaded) onLoaded_(VideoFrame{});
        return;
    }
    step_ = Step::Loading;
    cancelled_ = std::make_shared<std::atomic<bool>>(false);
    if (!thread_) thread_.emplace("image");
    thread_->post([this, properties = p, cancelled = cancelled_] {
        if (*cancelled) return;
        auto loaded = load_(properties, *cancelled);
        control_.post([this, cancelled, loaded = std::move(loaded)] {  // cancelled before `this` goes
            if (*cancelled) return;
            step_ = loaded ? Step::Loaded : Step::Failed;
            onLoaded_(loaded);
        });
    });
}

}  // namespace livepusher::pipeline
