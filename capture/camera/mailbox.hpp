// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/event_fd.hpp"
#include "capture/camera/v4l2.hpp"
#include "capture/sink_gate.hpp"
#include "capture/source.hpp"
#include "capture/source_makers.hpp"

namespace livepusher::capture {

/// Which camera to open.
struct CameraChoice {
    std::string id;  ///< empty: by position
    CameraIds ids;

    /// For messages, before its driver has said anything.
    std::string name(DevicePosition position) const {
        return !id.empty() ? id : position == DevicePosition::front ? "front" : "back";
    }
};

/// What a camera's source and its thread have in common. The thread may outlive the source when a driver hangs.
class CameraMailbox {
public:
    CameraMailbox(CameraChoice choice, const WantedVideo& wanted);

    // The source's side. [video], request() and interrupt() [any-thread]
    /// What became of the start; Cancelled by interrupt().
    Result<VideoSourceFormat> waitOpened(std::chrono::steady_clock::time_point until);
    void request(CameraRequest request);
    void follow(const VideoWishes& wishes);
    void interrupt();
    /// Makes the thread end.
    void quit();
    /// Answers what is still open. After quit().
    void cancelRequests();

    // The thread's side. [capture]
    bool quitting() const { return quit_; }
    void publishOpened(Result<VideoSourceFormat> opened);
    struct Work {
        std::optional<VideoWishes> wishes{};     ///< first
        std::optional<CameraRequest> request{};  ///< stays in hand until answer()
    };
    Work takeWork();
    void answer(Result<double> result) { reply(inHand_, std::move(result)); }
    /// The request in hand is a Switch, which others overtake.
    void putAside();
    bool isSwitching();
    void answerSwitch(Result<double> result) { reply(switch_, std::move(result)); }

    SinkGate<VideoSource::Sink> gate;
    const base::EventFd wake;  ///< of the thread
    const WantedVideo wanted;

    CameraChoice choice() const;
    void publishChoice(CameraChoice choice);  ///< after a switch: what the next start opens

private:
    void reply(std::optional<CameraRequest>& to, Result<double> result);

    std::atomic<bool> quit_{false};
    mutable std::mutex mutex_;  ///< of all that follows
    std::condition_variable changed_;
    CameraChoice choice_;
    std::optional<Result<VideoSourceFormat>> opened_;
    std::optional<VideoWishes> wishes_;
    std::deque<CameraRequest> requests_;
    std::optional<CameraRequest> inHand_, switch_;
};

}  // namespace livepusher::capture
