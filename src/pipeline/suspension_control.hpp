// SPDX-License-Identifier: MIT
#pragma once

#include "base/latest.hpp"
#include "pipeline/events.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/time_limit.hpp"
#include "pipeline/waiting_image.hpp"

#include <atomic>
#include <functional>

namespace livepusher::pipeline {

/// Pause, background and interruption of a session: what each means for the lanes, the image that stands in for the
/// camera, and the time that a push may last so. Belongs to the control thread.
class SuspensionControl {
public:
    struct Output {
        std::function<void(const std::function<void(LaneSettings&)>&)> give;  ///< changes the lanes' orders
        std::function<void()> changed;
        std::function<void()> tooLong;  ///< is to end the push
    };
    SuspensionControl(Stages::LoadPicture load, ControlLoop& control, Events& events, const base::Latest<LaneSettings>& orders,
                      Output output);

    void setPaused(bool on);
    Result<void> setBackground(bool on);   ///< Error: InvalidState, it is so already
    Result<void> setInterrupted(bool on);  ///< the same

    /// A push or a preview is open or not: the image is loaded ahead, and the time of a push counts.
    void follow(bool open, bool pushing);
    void propertiesChanged(const Properties& before, const Properties& after);

private:
    void set(bool Suspension::*which, bool on);
    void watch();
    void tooLong(std::chrono::seconds limit);

    const base::Latest<LaneSettings>& orders_;
    Events& events_;
    const Output output_;
    bool open_ = false;
    bool pushing_ = false;
    TimeLimit limit_;
    WaitingImage image_;
};

}  // namespace livepusher::pipeline
