// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture/camera/finding.hpp"
#include "capture/camera/mailbox.hpp"
#include "capture/camera/opening.hpp"
#include "capture/camera/start_tries.hpp"
#include "capture/camera/stream.hpp"

namespace livepusher::capture {

/// What a camera's thread does: frames to the sink, requests to the camera; when it is lost, looking for it; when another is
/// wanted, opening that beside it. [capture]
class CameraLoop {
public:
    explicit CameraLoop(std::shared_ptr<CameraMailbox> mailbox);

    /// Until the mailbox quits or the start fails.
    void run();

private:
    using Clock = std::chrono::steady_clock;

    enum class Opening {
        Start,             ///< the first
        Return,            ///< the lost one again
        SwitchInParallel,  ///< another, while the old one runs or is lost
        SwitchExclusive,   ///< another, for which the old one was closed: both at once can't run
        GoBack,            ///< the old one, after that failed
    };
    /// A camera on its way: being opened, then waited on for its first frame.
    struct Attempt {
        Opening aim;
        CameraOpening opening;
        OpenedCamera camera{};
        Clock::time_point until;
        std::shared_ptr<std::vector<std::string>> others{};  ///< Return: nodes that turned out to be none of the lost one's
    };

    void begin(Opening aim, auto open);
    void beginStart();
    void startFailed(const Error& error);
    void beginReturn();
    void wait();
    void serveRequests();
    void serve(const CameraRequest& request);
    void beginSwitch();
    void readCurrent();
    void followAttempt();
    std::string attemptName() const;
    Error absent() const;  ///< the answer to a request while there is no camera
    void fail(const Error& error);
    void takeOver(VideoFrame first);
    void lose(const Error& error);
    void giveUp(CameraIdentity identity, const std::string& title, const Error& error);
    void deliver(VideoFrame frame);
    void tell(Code code, const std::string& text);
    void tellFormat();

    const std::shared_ptr<CameraMailbox> mailbox_;
    WantedVideo wanted_;  ///< with the wishes as they are now
    CameraChoice choice_;
    StartTries tries_;
    std::optional<Clock::time_point> nextStart_{};  ///< the first one could not be started, and is tried again
    std::unique_ptr<CameraStream> current_;
    Clock::time_point lastFrame_;
    Timestamp lastPts_{};
    std::optional<Attempt> attempt_;
    std::optional<CameraSearch> search_;  ///< for the current one, when it is lost
    std::string lostTitle_;
    Clock::time_point nextSearch_;
    std::optional<Error> switchError_;             ///< that made it go back
    std::optional<CameraIdentity> oldIdentity_{};  ///< of the one that was closed for another
    bool troubled_ = false;                        ///< the current one's node says that something is wrong
    bool started_ = false;                         ///< the source has been told so
    bool ended_ = false;
};

}  // namespace livepusher::capture
