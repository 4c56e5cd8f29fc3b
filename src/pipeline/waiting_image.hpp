// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "base/abandonable_thread.hpp"
#include "net/network_options.hpp"
#include "pipeline/stages.hpp"
#include "session/control_loop.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace livepusher::pipeline {

class WaitingImageObserver {
public:
    virtual void waitingImageLoaded(Result<VideoFrame> image) = 0;  ///< an empty one: there is to be none any more

protected:
    ~WaitingImageObserver() = default;
};

/// Loads the picture of `waitingImage` beside the stream, ahead of the pause that will want it. Belongs to
/// the control thread, on which the observer is called too.
class WaitingImage {
public:
    WaitingImage(Stages::LoadPicture load, session::ControlLoop& control, WaitingImageObserver& observer);
    ~WaitingImage();  ///< ends a load that is going on; one that a disk holds is left to itself
    WaitingImage(const WaitingImage&) = delete;
    WaitingImage& operator=(const WaitingImage&) = delete;

    /// Loads what the properties name, unless that is there or on its way, or has failed and `again` is false.
    /// With no place: an empty frame, at once, if there was one before.
    void want(const Properties& properties, bool again);

private:
    enum class Step { None, Loading, Loaded, Failed };

    void cancel();
    void tell(Result<VideoFrame> loaded);

    const Stages::LoadPicture loadPicture_;
    session::ControlLoop& control_;
    WaitingImageObserver& observer_;
    Step step_ = Step::None;
    std::string place_, hash_;
    base::NetworkOptions network_;
    std::shared_ptr<std::atomic<bool>> cancelled_;  // of the load that counts
    session::Lifetime load_;                        // likewise
    base::AbandonableThread thread_;                // of the newest load
};

}  // namespace livepusher::pipeline
