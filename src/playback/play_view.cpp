// SPDX-License-Identifier: MIT
#include "playback/play_view.hpp"

#include "base/thread_name.hpp"

namespace livepusher::playback {

class PlayView::Handler {
public:
    using Called = decltype(PlayerHandlers::onVideoFrame);
    explicit Handler(Called handler)
        : handler_(std::move(handler)), thread_([this] {
              base::nameThread("frames");
              while (auto frame = latest_.pop()) handler_(*frame);
          }) {}
    ~Handler() {
        latest_.close();
        thread_.join();
    }
    void show(const VideoFrame& frame) { latest_.push(frame); }

private:
    const Called handler_;
    base::Queue<VideoFrame> latest_{1};
    std::thread thread_;
};

PlayView::PlayView(Settings, session::ControlLoop&, session::Events<PlayerHandlers>& events, PlayViewObserver&) {
    if (const auto& onFrame = events.handlers().onVideoFrame) handler_ = std::make_unique<Handler>(onFrame);
}
PlayView::~PlayView() = default;

void PlayView::close(bool clear) {
    const std::lock_guard lock(mutex_);
    if (clear) last_ = {};
}

void PlayView::show(const VideoFrame& frame) {
    {
        const std::lock_guard lock(mutex_);
        last_ = frame;
    }
    if (handler_) handler_->show(frame);
}

VideoFrame PlayView::lastShown() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

}  // namespace livepusher::playback
