// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <mutex>
#include <utility>

#include "capture/screen/inset_picture.hpp"
#include "capture/screen/inset_source.hpp"
#include "capture/sink_gate.hpp"

namespace livepusher::capture {
namespace {

constexpr double kMostInset = 0.5;  // of the pushed width: what the property allows

class Composed final : public VideoSource, VideoThroughGate {
public:
    using Sink = VideoSource::Sink;

    Composed(std::unique_ptr<VideoSource> main, std::unique_ptr<VideoSource> inset, ComposedCamera camera)
        : camera_(camera), main_(std::move(main)), inset_(std::move(inset)) {}
    ~Composed() override { Composed::stop(); }

    Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink& sink) override {
        Composed::stop();
        wanted_ = wanted;
        keep(wanted.wishes);
        gate.open(sink);
        auto forMain = wanted;
        forMain.wishes = wishesOf(ComposedCamera::Main, wanted.wishes);
        auto format = main_->start(forMain, *this);
        if (!format) {
            gate.close();
            return format;
        }
        inset_.start(forInset(wanted), *this);
        return format;
    }

    void stop() override {
        gate.close();
        main_->stop();
        inset_.stop();
    }

    void interrupt() override {
        main_->interrupt();
        inset_.interrupt();
    }

    void follow(const VideoWishes& wishes) override {
        keep(wishes);
        main_->follow(wishesOf(ComposedCamera::Main, wishes));
        inset_.follow(wishesOf(ComposedCamera::Inset, wishes));
    }

    void request(CameraRequest request) override {
        if (camera_ == ComposedCamera::Main) return main_->request(std::move(request));
        inset_.request(std::move(request));
    }

private:
    void keep(const VideoWishes& wishes) {
        std::lock_guard lock(mutex_);
        wishes_ = wishes;
    }

    /// What is asked of the one camera is not asked of the other.
    VideoWishes wishesOf(ComposedCamera which, VideoWishes wishes) const {
        if (which == camera_) return wishes;
        wishes.zoom = 1;
        wishes.torch = false;
        return wishes;
    }

    WantedVideo forInset(const WantedVideo& wanted) const {
        auto small = wanted;
        small.width = static_cast<int>(wanted.width * kMostInset / 2) * 2;
        small.height = static_cast<int>(wanted.height * kMostInset / 2) * 2;
        small.wishes = wishesOf(ComposedCamera::Inset, wanted.wishes);
        if (camera_ == ComposedCamera::Main)  // of two cameras the small one shows the other side
            small.position = wanted.position == DevicePosition::front ? DevicePosition::back : DevicePosition::front;
        return small;
    }

    void frame(VideoFrame frame) override { VideoThroughGate::frame(composed(std::move(frame))); }

    /// [main's capture]
    VideoFrame composed(VideoFrame frame) {
        const auto small = inset_.newest(frame.pts);
        if (!small) return frame;
        VideoWishes wishes;
        {
            std::lock_guard lock(mutex_);
            wishes = wishes_;
        }
        const auto place = insetPlace(frame, small, wanted_, wishes);
        return picture_.drawn(std::move(frame), small, place);
    }

    const ComposedCamera camera_;
    const std::unique_ptr<VideoSource> main_;
    WantedVideo wanted_{};
    std::mutex mutex_;  // of wishes_
    VideoWishes wishes_{};
    InsetPicture picture_;
    InsetSource inset_;  // ends its thread first
};

}  // namespace

std::unique_ptr<VideoSource> makeComposed(std::unique_ptr<VideoSource> main, std::unique_ptr<VideoSource> inset,
                                          ComposedCamera camera) {
    return std::make_unique<Composed>(std::move(main), std::move(inset), camera);
}

}  // namespace livepusher::capture
