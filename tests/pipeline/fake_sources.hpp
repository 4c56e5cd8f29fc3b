// SPDX-License-Identifier: MIT
#pragma once

#include "capture/source.hpp"
#include "scene.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace livepusher::testing {

constexpr std::uint8_t kCornerGrey = 55;

/// A picture of one brightness.
inline VideoFrame grey(int width, int height, std::uint8_t luma) {
    auto frame = VideoFrame::allocate(width, height);
    std::fill_n(frame.mutablePlane(0), static_cast<std::size_t>(frame.stride(0)) * static_cast<std::size_t>(height), luma);
    return frame;
}
/// With another brightness in the upper right corner, by which it can be told from its mirror image.
inline VideoFrame withCorner(VideoFrame frame) {
    frame.mutablePlane(0)[frame.width() - 1] = kCornerGrey;
    return frame;
}
constexpr std::uint8_t kCameraGrey = 100;
constexpr std::uint8_t kImageGrey = 200;

/// Does something again and again on a thread of its own, at a device's pace, from start() to stop().
class FakeDevice {
public:
    explicit FakeDevice(Scene& scene) : scene_(scene) {}
    ~FakeDevice() { stop(); }

    void start(std::chrono::milliseconds pace, std::function<void()> work) {
        ++scene_.liveSources;
        stopping_ = false;
        thread_ = std::thread([this, pace, work = std::move(work)] {
            std::unique_lock lock(mutex_);
            while (!stopping_) {
                const auto say = std::exchange(say_, {});
                lock.unlock();
                work();
                if (say) say();
                lock.lock();
                stop_.wait_for(lock, pace, [this] { return stopping_ || say_; });
            }
        });
    }
    /// Once, on the device's thread; never after stop().
    void say(std::function<void()> what) {
        // Under the lock: what is said may be the end of this.
        std::lock_guard lock(mutex_);
        say_ = std::move(what);
        stop_.notify_all();
    }
    void stop() {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        stop_.notify_all();
        if (!thread_.joinable()) return;
        thread_.join();
        --scene_.liveSources;
    }

private:
    Scene& scene_;
    std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;
    std::function<void()> say_;
    std::thread thread_;
};

class FakeCamera final : public capture::VideoSource {
public:
    explicit FakeCamera(Scene& scene) : scene_(scene), device_(scene) {}

    Result<capture::VideoSourceFormat> start(const capture::WantedVideo& wanted, Sink& sink) override {
        if (scene_.onCameraStart) scene_.onCameraStart(interrupted_);
        if (interrupted_) return Error{Code::Cancelled, "interrupted"};
        if (scene_.cameraError.code != Code::Ok) return scene_.cameraError;
        const auto pace = scene_.fileFps > 0 ? 1000ms / scene_.fileFps : 5ms;
        if (scene_.fileFps == 0) note(wanted);
        {
            std::lock_guard lock(scene_.mutex);
            scene_.tellOfCamera = [&sink](Code code, std::string what) { sink.code(code, std::move(what)); };
            scene_.cameraGives = true;
            scene_.endCamera = [this, &sink] {
                scene_.cameraGives = false;
                device_.say([&sink] { sink.ended(); });
            };
            scene_.failCamera = [this, &sink](const Error& error) {
                scene_.cameraGives = false;
                device_.say([&sink, error] { sink.failed(error); });
            };
        }
        device_.start(pace, [this, wanted, &sink] {
            if (!scene_.cameraGives) return;
            auto frame = grey(wanted.width, wanted.height, kCameraGrey);
            if (scene_.cameraHasCorner) frame = withCorner(std::move(frame));
            frame.pts = now();
            sink.frame(std::move(frame));
        });
        if (scene_.fileFps > 0)
            return capture::VideoSourceFormat{wanted.width, wanted.height, static_cast<double>(scene_.fileFps), true,
                                              "fake file"};
        return capture::VideoSourceFormat{wanted.width, wanted.height, 200, false, "fake camera"};
    }
    void stop() override { device_.stop(); }
    void interrupt() override { interrupted_ = true; }
    void follow(const capture::VideoWishes& wishes) override {
        scene_.journal.note(wishes.autoFocus ? "focus auto" : "focus " + std::to_string(wishes.focus).substr(0, 4));
    }
    void request(capture::CameraRequest request) override {
        using enum capture::CameraRequest::What;
        if (!scene_.cameraAnswers) return;
        if (!scene_.cameraCan && request.what != MaxZoom)
            return request.reply(Error{Code::NotAvailable, "the fake camera can't do that"});
        switch (request.what) {
            case MaxZoom: return request.reply(4.0);
            case Zoom:
                scene_.journal.note("zoom " + std::to_string(request.zoom).substr(0, 4));
                return request.reply(request.zoom);
            case Torch: torch_ = !torch_; return request.reply(torch_ ? 1.0 : 0.0);
            case Switch: back_ = !back_; return request.reply(back_ ? 1.0 : 0.0);
        }
    }

private:
    /// What else than the usual it is started with.
    void note(const capture::WantedVideo& wanted) {
        back_ = wanted.position == DevicePosition::back;
        torch_ = wanted.wishes.torch;
        if (back_) scene_.journal.note("camera back");
        if (wanted.wishes.zoom > 1) scene_.journal.note("camera zoomed");
    }

    Scene& scene_;
    std::atomic<bool> back_{false}, torch_{false}, interrupted_{false};
    FakeDevice device_;
};

class FakeMicrophone final : public capture::AudioSource {
public:
    explicit FakeMicrophone(Scene& scene) : scene_(scene), device_(scene) {}

    Result<void> start(const capture::WantedAudio& wanted, Sink& sink) override {
        if (scene_.microphoneError.code != Code::Ok) return scene_.microphoneError;
        const auto frames = static_cast<std::size_t>(wanted.sampleRate / 100);
        {
            std::lock_guard lock(scene_.mutex);
            scene_.tellOfMicrophone = [&sink](Code code, std::string what) { sink.code(code, std::move(what)); };
            scene_.microphoneGives = true;
            scene_.endMicrophone = [this, &sink] {
                scene_.microphoneGives = false;
                device_.say([&sink] { sink.ended(); });
            };
            scene_.failMicrophone = [this, &sink](const Error& error) {
                scene_.microphoneGives = false;
                device_.say([&sink, error] { sink.failed(error); });
            };
        }
        device_.start(
            10ms, [this, &sink, frames, block = std::vector<float>(frames * static_cast<std::size_t>(wanted.channels), 0.25F)] {
                if (scene_.microphoneGives) sink.samples(block.data(), frames, now() - 10ms);
            });
        return {};
    }
    void stop() override { device_.stop(); }
    void setRole(AudioVolumeType role) override { scene_.journal.note("role " + std::to_string(static_cast<int>(role))); }

private:
    Scene& scene_;
    FakeDevice device_;
};

/// Coded pictures in order at a camera's pace, a key frame in ten, a Config before the first.
class FakeCoded final : public capture::CodedVideoSource {
public:
    explicit FakeCoded(Scene& scene) : scene_(scene), device_(scene) {}

    Result<std::string> start(Sink& sink) override {
        if (scene_.onCameraStart) scene_.onCameraStart(interrupted_);
        auto config = Packet{Packet::Track::Video, Packet::Kind::Config, {}, {}, nullptr, nullptr};
        config.description = std::make_shared<Packet::Description>(Packet::Description{.width = 1920, .height = 1080});
        sink.packet(std::move(config));
        device_.start(5ms, [&sink, count = 5]() mutable {
            const auto kind = ++count % 10 == 0 ? Packet::Kind::Key : Packet::Kind::Delta;
            sink.packet({Packet::Track::Video, kind, now(), now(), nullptr, nullptr});
        });
        return std::string("fake coded");
    }
    void stop() override { device_.stop(); }
    Result<void> push(const CodedVideoView&) override { return {}; }

private:
    Scene& scene_;
    const std::atomic<bool> interrupted_{false};
    FakeDevice device_;
};

}  // namespace livepusher::testing
