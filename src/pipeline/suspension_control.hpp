// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/events.hpp"
#include "pipeline/lane_settings_store.hpp"
#include "pipeline/waiting_image.hpp"

#include <chrono>

namespace livepusher::pipeline {

class SuspensionObserver {
public:
    virtual void suspensionChanged() = 0;
    virtual void suspendedTooLong() = 0;  ///< the push is to end

protected:
    ~SuspensionObserver() = default;
};

/// Pause, background and interruption of a session: what each means for the lanes, the image that stands in for the
/// camera, and the time that a push may last so. Belongs to the control thread.
class SuspensionControl final : WaitingImageObserver {
public:
    SuspensionControl(Stages::LoadPicture load, session::ControlLoop& control, Events& events, LaneSettingsStore& settings,
                      SuspensionObserver& observer);

    void setPaused(bool on) { set(&Suspension::paused, on); }
    Result<void> setBackground(bool on);   ///< Error: InvalidState, it is so already
    Result<void> setInterrupted(bool on);  ///< the same

    /// A push or a preview is open or not: the image is loaded ahead, and the time of a push counts.
    void follow(bool open, bool pushing);
    void propertiesChanged(const Properties& before, const Properties& after);

private:
    void set(bool Suspension::*which, bool on);
    void watch();
    void tooLong(std::chrono::seconds limit);
    void waitingImageLoaded(Result<VideoFrame> image) override;

    session::ControlLoop& control_;
    LaneSettingsStore& settings_;
    Events& events_;
    SuspensionObserver& observer_;
    bool open_ = false;
    bool pushing_ = false;
    bool limited_ = false;
    session::Lifetime limit_;
    WaitingImage image_;
};

}  // namespace livepusher::pipeline
