// SPDX-License-Identifier: MIT
#include "pipeline/waiting_image.hpp"

#include "base/log.hpp"
#include "properties/network.hpp"

#include <chrono>
#include <utility>

namespace livepusher::pipeline {

namespace {
constexpr std::chrono::milliseconds kEnd{500};  // a server's response is given up within 200
}  // namespace

WaitingImage::WaitingImage(Stages::LoadPicture load, session::ControlLoop& control, WaitingImageObserver& observer)
    : loadPicture_(std::move(load)), control_(control), observer_(observer) {}

WaitingImage::~WaitingImage() {
    cancel();
    if (!thread_.end(kEnd)) base::log(LogLevel::Warning, "waitingImage: the system does not answer; it is given up");
}

void WaitingImage::cancel() {
    if (cancelled_) *cancelled_ = true;
    cancelled_.reset();
    load_.renew();
}

void WaitingImage::want(const Properties& p, bool again) {
    const bool same =
        step_ != Step::None && p.waitingImage == place_ && p.waitingImageHash == hash_ && properties::networkOf(p) == network_;
    if (same && (step_ != Step::Failed || !again)) return;
    cancel();
    place_ = p.waitingImage;
    hash_ = p.waitingImageHash;
    network_ = properties::networkOf(p);
    if (place_.empty()) {
        if (std::exchange(step_, Step::None) == Step::Loaded) observer_.waitingImageLoaded(VideoFrame{});
        return;
    }
    step_ = Step::Loading;
    cancelled_ = std::make_shared<std::atomic<bool>>(false);
    const auto report = control_.bind(load_, [this](Result<VideoFrame> loaded) { tell(std::move(loaded)); });
    const auto started = thread_.start(
        "image", [report, load = loadPicture_, properties = p, cancelled = cancelled_] { report(load(properties, *cancelled)); });
    if (!started) tell(Error{Code::WaitingImageFailed, "waitingImage: " + started.error().message});
}

void WaitingImage::tell(Result<VideoFrame> loaded) {
    step_ = loaded ? Step::Loaded : Step::Failed;
    observer_.waitingImageLoaded(std::move(loaded));
}

}  // namespace livepusher::pipeline
