// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "av/picture_decoder.hpp"
#include "base/thread.hpp"
#include "capture/sink_gate.hpp"
#include "media/picture_size.hpp"
#include "net/fetch.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

constexpr double kImageFps = 10;
constexpr Timestamp kImageInterval{100'000};

/// A picture that stands still, again and again: what comes of a source may stop going out any time, and is to begin with a
/// picture soon.
class Image final : public VideoSource {
public:
    Image(std::string target, base::NetworkOptions network)
        : target_(std::move(target)), label_("image \"" + base::publicName(target_) + "\""), network_(std::move(network)) {}
    ~Image() override { Image::stop(); }

    Result<VideoSourceFormat> start(const WantedVideo&, Sink& sink) override {
        Image::stop();
        if (auto loaded = load(); !loaded) return loaded.error();
        gate_.open(sink);
        quit_ = false;
        auto thread = base::startThread(
            "capture", [this] { run(); }, failing(gate_));
        if (!thread) {
            gate_.close();
            return Error{Code::SourceFailed, label_ + ": " + thread.error().message};
        }
        thread_ = std::move(*thread);
        return VideoSourceFormat{picture_.width(), picture_.height(), kImageFps, false,
                                 label_ + " (" + base::sizeText(picture_.width(), picture_.height()) + ")"};
    }

    void stop() override {
        {
            std::lock_guard lock(mutex_);
            quit_ = true;
        }
        changed_.notify_all();
        gate_.close();
        if (thread_.joinable()) thread_.join();
    }

    void interrupt() override { cancelled_ = true; }

private:
    Result<void> load() {
        if (picture_) return {};
        const auto failed = [&](const Error& error) {
            return error.code == Code::Cancelled ? error : Error{Code::SourceFailed, label_ + ": " + error.message, error.native};
        };
        const auto bytes = fetch({.place = target_, .network = network_}, cancelled_);
        if (!bytes) return failed(bytes.error());
        auto picture = decodePicture(*bytes);
        if (!picture) return failed(picture.error());
        picture_ = std::move(*picture);
        return {};
    }

    void run() {
        auto due = now();
        std::unique_lock lock(mutex_);
        while (!quit_) {
            lock.unlock();
            auto frame = picture_;
            frame.pts = now();
            gate_.tell(&Sink::frame, std::move(frame));
            due = std::max(due + kImageInterval, now());
            lock.lock();
            changed_.wait_until(lock, std::chrono::steady_clock::time_point(due), [&] { return quit_; });
        }
    }

    const std::string target_, label_;
    const base::NetworkOptions network_;
    std::atomic<bool> cancelled_{false};
    VideoFrame picture_;
    SinkGate<Sink> gate_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool quit_ = false;
    std::thread thread_;
};

}  // namespace

std::unique_ptr<VideoSource> makeImage(const std::string& target, const base::NetworkOptions& network) {
    return std::make_unique<Image>(target, network);
}

}  // namespace livepusher::capture
