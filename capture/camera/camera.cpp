// SPDX-License-Identifier: MIT
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "base/log.hpp"
#include "capture/camera/loop.hpp"
#include "capture/camera/mailbox.hpp"
#include "capture/source_makers.hpp"

namespace livepusher::capture {
namespace {

constexpr auto kStartWait = std::chrono::milliseconds(10'500);  // a try takes 10 s at most, unless a driver holds the thread
constexpr auto kCameraStopWait = std::chrono::milliseconds(450);

/// A V4L2 camera. All that may take a driver's time is done on threads of its own.
class Camera final : public VideoSource {
public:
    explicit Camera(CameraChoice choice) : choice_(std::move(choice)) {}
    ~Camera() override { Camera::stop(); }

    Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink& sink) override {
        Camera::stop();
        auto mailbox = std::make_shared<CameraMailbox>(choice_, wanted);
        if (const auto made = mailbox->wake.check(); !made)
            return Error{Code::CameraFailed, "camera: " + made.error().message, made.error().native};
        mailbox->gate.open(sink);
        {
            std::lock_guard lock(mutex_);
            if (interrupted_) mailbox->interrupt();
            mailbox_ = mailbox;
        }
        const auto started = thread_.start(
            "capture", [mailbox] { CameraLoop(mailbox).run(); },
            [mailbox](const Error& error) {
                mailbox->publishOpened(error);  // to nobody, where it was open
                mailbox->gate.failed(error);
            });
        if (!started) {
            mailbox->gate.close();
            mailbox->quit();
            mailbox->cancelRequests();
            std::lock_guard lock(mutex_);
            mailbox_.reset();
            return Error{Code::CameraFailed, "camera: " + started.error().message};
        }
        auto opened = mailbox->waitOpened(std::chrono::steady_clock::now() + kStartWait + wanted.patience);
        if (!opened) Camera::stop();
        return opened;
    }

    void stop() override {
        if (!thread_.started()) return;
        mailbox_->gate.close();
        mailbox_->quit();
        if (!thread_.end(kCameraStopWait)) base::log(LogLevel::Warning, "camera: its driver does not answer; it is given up");
        mailbox_->cancelRequests();
        choice_ = mailbox_->choice();
        std::lock_guard lock(mutex_);
        mailbox_.reset();
    }

    void interrupt() override {
        std::lock_guard lock(mutex_);
        interrupted_ = true;
        if (mailbox_) mailbox_->interrupt();
    }

    void follow(const VideoWishes& wishes) override {
        if (mailbox_) mailbox_->follow(wishes);
    }

    void request(CameraRequest request) override {
        std::shared_ptr<CameraMailbox> mailbox;
        {
            std::lock_guard lock(mutex_);
            mailbox = mailbox_;
        }
        if (mailbox) return mailbox->request(std::move(request));
        request.reply(Error{Code::CameraFailed, "the camera is not open"});
    }

private:
    CameraChoice choice_;
    std::mutex mutex_;  ///< of mailbox_, which only [video] changes, and interrupted_
    bool interrupted_ = false;
    std::shared_ptr<CameraMailbox> mailbox_;
    base::AbandonableThread thread_;
};

}  // namespace

std::unique_ptr<VideoSource> makeCamera(const Spec& spec, const CameraIds& ids) {
    return std::make_unique<Camera>(CameraChoice{spec.target, ids});
}

}  // namespace livepusher::capture
