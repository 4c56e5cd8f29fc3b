// SPDX-License-Identifier: MIT
#include "pipeline/suspension_control.hpp"

#include <utility>

namespace livepusher::pipeline {

SuspensionControl::SuspensionControl(Stages::LoadPicture load, ControlLoop& control, Events& events,
                                     const base::Latest<LaneSettings>& orders, Output output)
    : orders_(orders),
      events_(events),
      output_(std::move(output)),
      limit_(control, [this](std::chrono::seconds limit) { tooLong(limit); }),
      image_(std::move(load), control, [this](Result<VideoFrame> image) {
          if (!image) events_.error(image.error());
          output_.give([&](LaneSettings& o) { o.waitingImage = image ? std::move(*image) : VideoFrame{}; });
      }) {}

void SuspensionControl::set(bool Suspension::*which, bool on) {
    output_.give([&](LaneSettings& o) { o.suspension.*which = on; });
    const auto orders = orders_.get();
    if (open_ && orders->suspension.any()) image_.want(orders->properties, true);
    watch();
    output_.changed();
}

void SuspensionControl::setPaused(bool on) { set(&Suspension::paused, on); }

Result<void> SuspensionControl::setBackground(bool on) {
    if (orders_.get()->suspension.background == on)
        return Error{Code::InvalidState, on ? "already in the background" : "not in the background"};
    set(&Suspension::background, on);
    return {};
}

Result<void> SuspensionControl::setInterrupted(bool on) {
    if (orders_.get()->suspension.interrupted == on)
        return Error{Code::InvalidState, on ? "already interrupted" : "not interrupted"};
    if (on) events_.code(Code::Interrupted, "interrupted: camera and microphone are closed until endInterruption()");
    set(&Suspension::interrupted, on);
    return {};
}

void SuspensionControl::follow(bool open, bool pushing) {
    open_ = open;
    pushing_ = pushing;
    if (open_) image_.want(orders_.get()->properties, true);
    watch();  // a push may begin in the background
}

void SuspensionControl::propertiesChanged(const Properties& before, const Properties& after) {
    const bool image = after.waitingImage != before.waitingImage || after.waitingImageHash != before.waitingImageHash;
    if (image && open_) image_.want(after, false);
    if (after.pauseTimeout != before.pauseTimeout) {  // counts anew
        limit_.restart();
        watch();
    }
}

/// One limit for pause and background together.
void SuspensionControl::watch() {
    const auto orders = orders_.get();
    const bool runs = pushing_ && (orders->suspension.paused || orders->suspension.background);
    limit_.watch(runs, std::chrono::seconds(orders->properties.pauseTimeout));
}

void SuspensionControl::tooLong(std::chrono::seconds limit) {
    output_.tooLong();  // first: who hears 5000 finds the state that goes with it
    events_.code(Code::SuspendedTooLong,
                 "paused or in the background for " + std::to_string(limit.count()) + " s: pushing stopped");
}

}  // namespace livepusher::pipeline
