// SPDX-License-Identifier: MIT
#include "pipeline/suspension_control.hpp"

#include <utility>

namespace livepusher::pipeline {

SuspensionControl::SuspensionControl(Stages::LoadPicture load, session::ControlLoop& control, Events& events,
                                     LaneSettingsStore& settings, SuspensionObserver& observer)
    : control_(control), settings_(settings), events_(events), observer_(observer), image_(std::move(load), control, *this) {}

void SuspensionControl::waitingImageLoaded(Result<VideoFrame> image) {
    if (!image) events_.error(image.error());
    settings_.update([&](LaneSettings& s) { s.waitingImage = image ? std::move(*image) : VideoFrame{}; });
}

void SuspensionControl::set(bool Suspension::*which, bool on) {
    settings_.update([&](LaneSettings& s) { s.suspension.*which = on; });
    const auto settings = settings_.get();
    if (open_ && settings->suspension.any()) image_.want(settings->properties, true);
    watch();
    observer_.suspensionChanged();
}

Result<void> SuspensionControl::setBackground(bool on) {
    if (settings_.get()->suspension.background == on)
        return Error{Code::InvalidState, on ? "already in the background" : "not in the background"};
    set(&Suspension::background, on);
    return {};
}

Result<void> SuspensionControl::setInterrupted(bool on) {
    if (settings_.get()->suspension.interrupted == on)
        return Error{Code::InvalidState, on ? "already interrupted" : "not interrupted"};
    if (on) events_.code(Code::Interrupted, "interrupted: camera and microphone are closed until endInterruption()");
    set(&Suspension::interrupted, on);
    return {};
}

void SuspensionControl::follow(bool open, bool pushing) {
    open_ = open;
    pushing_ = pushing;
    if (open_) image_.want(settings_.get()->properties, true);
    watch();  // a push may begin in the background
}

void SuspensionControl::propertiesChanged(const Properties& before, const Properties& after) {
    const bool image = after.waitingImage != before.waitingImage || after.waitingImageHash != before.waitingImageHash;
    if (image && open_) image_.want(after, false);
    if (after.pauseTimeout != before.pauseTimeout) {  // counts anew
        limited_ = false;
        watch();
    }
}

/// One limit for pause and background together.
void SuspensionControl::watch() {
    const auto settings = settings_.get();
    const bool runs = pushing_ && (settings->suspension.paused || settings->suspension.background);
    if (std::exchange(limited_, runs) == runs) return;
    limit_.renew();
    const std::chrono::seconds limit(settings->properties.pauseTimeout);
    if (runs && limit.count() > 0) control_.postAfter(limit, limit_.guard([this, limit] { tooLong(limit); }));
}

void SuspensionControl::tooLong(std::chrono::seconds limit) {
    observer_.suspendedTooLong();  // first: who hears Code::SuspendedTooLong finds the state that goes with it
    events_.code(Code::SuspendedTooLong,
                 "paused or in the background for " + std::to_string(limit.count()) + " s: pushing stopped");
}

}  // namespace livepusher::pipeline
