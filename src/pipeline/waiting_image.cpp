// SPDX-License-Identifier: MIT
#include "pipeline/waiting_image.hpp"

#include "base/log.hpp"

#include <chrono>
#include <utility>

namespace livepusher::pipeline {

namespace {
constexpr std::chrono::milliseconds kEnd{500};  // a server's answer is given up within 200
}  // namespace

WaitingImage::WaitingImage(Stages::LoadPicture load, ControlLoop& control, OnLoaded onLoaded)
    : load_(std::move(load)), door_(new Door{{}, &control}), onLoaded_(std::move(onLoaded)) {}

WaitingImage::~WaitingImage() {
    cancel();
    {
        const std::lock_guard lock(door_->mutex);
        door_->control = nullptr;
    }
    if (!thread_.end(kEnd)) base::log(LogLevel::Warning, "waitingImage: the system does not answer; it is given up");
}

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
    const auto started = thread_.start("image", [this, load = load_, door = door_, properties = p, cancelled = cancelled_] {
        auto loaded = load(properties, *cancelled);
        const std::lock_guard lock(door->mutex);
        if (!door->control) return;
        door->control->post([this, cancelled, loaded = std::move(loaded)] {  // cancelled before `this` goes
            if (!*cancelled) tell(loaded);
        });
    });
    if (!started) tell(Error{Code::WaitingImageFailed, "waitingImage: " + started.error().message});
}

void WaitingImage::tell(Result<VideoFrame> loaded) {
    step_ = loaded ? Step::Loaded : Step::Failed;
    onLoaded_(std::move(loaded));
}

}  // namespace livepusher::pipeline
