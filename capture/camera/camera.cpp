// SPDX-License-Identifier: MIT
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "base/log.hpp"
#include "capture/camera/desk.hpp"
#include "capture/camera/loop.hpp"
#include "capture/device_source.hpp"

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
        auto desk = std::make_shared<CameraDesk>(choice_, wanted);
        if (const auto made = desk->wake.check(); !made)
            return Error{Code::CameraFailed, "camera: " + made.error().message, made.error().native};
        desk->gate.open(sink);
        {
            std::lock_guard lock(mutex_);
            if (interrupted_) desk->interrupt();
            desk_ = desk;
        }
        const auto started = thread_.start(
            "capture", [desk] { CameraLoop(desk).run(); },
            [desk](const Error& error) {
                desk->publishOpened(error);  // to nobody, where it was open
                desk->gate.failed(error);
            });
        if (!started) {
            desk->gate.close();
            desk->quit();
            desk->cancelRequests();
            std::lock_guard lock(mutex_);
            desk_.reset();
            return Error{Code::CameraFailed, "camera: " + started.error().message};
        }
        auto opened = desk->waitOpened(std::chrono::steady_clock::now() + kStartWait + wanted.patience);
        if (!opened) Camera::stop();
        return opened;
    }

    void stop() override {
        if (!thread_.started()) return;
        desk_->gate.close();
        desk_->quit();
        if (!thread_.end(kCameraStopWait)) base::log(LogLevel::Warning, "camera: its driver does not answer; it is given up");
        desk_->cancelRequests();
        choice_ = desk_->choice();
        std::lock_guard lock(mutex_);
        desk_.reset();
    }

    void interrupt() override {
        std::lock_guard lock(mutex_);
        interrupted_ = true;
        if (desk_) desk_->interrupt();
    }

    void follow(const VideoWishes& wishes) override {
        if (desk_) desk_->follow(wishes);
    }

    void request(CameraRequest request) override {
        std::shared_ptr<CameraDesk> desk;
        {
            std::lock_guard lock(mutex_);
            desk = desk_;
        }
        if (desk) return desk->request(std::move(request));
        request.reply(Error{Code::CameraFailed, "the camera is not open"});
    }

private:
    CameraChoice choice_;
    std::mutex mutex_;  ///< of desk_, which only [video] changes, and interrupted_
    bool interrupted_ = false;
    std::shared_ptr<CameraDesk> desk_;
    base::AbandonableThread thread_;
};

}  // namespace

std::unique_ptr<VideoSource> makeCamera(const Spec& spec, const CameraIds& ids) {
    return std::make_unique<Camera>(CameraChoice{spec.target, ids});
}

}  // namespace livepusher::capture
