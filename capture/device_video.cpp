// SPDX-License-Identifier: MIT
#include <cerrno>
#include <string>
#include <utility>

#include "capture/camera_mode.hpp"
#include "capture/device_source.hpp"
#include "capture/device_thread.hpp"
#include "capture/devices.hpp"
#include "capture/frame_converter.hpp"
#include "capture/sink_gate.hpp"

namespace livepusher::capture {
namespace {

/// From a device's frames to the sink.
class DeviceVideo : public VideoSource {
public:
    void stop() override {
        if (feed_) feed_->gate.close();
        device_.stop();
        feed_.reset();
    }
    void interrupt() override { device_.interrupt(); }

protected:
    /// `explain` turns an AVERROR into the error of that kind of device.
    Result<VideoSourceFormat> run(DeviceInput input, Sink sink, const std::function<Error(int)>& explain) {
        feed_ = std::make_shared<Feed>();
        feed_->gate.open(std::move(sink));
        input.onFrame = [feed = feed_](AVFrame& frame, Timestamp moment) { feed->take(frame, moment); };
        input.onError = [feed = feed_, explain](int error) { feed->gate.failed(explain(error)); };
        const auto title = input.title;
        const auto opened = device_.start(std::move(input));
        if (opened.error < 0) {
            DeviceVideo::stop();
            if (opened.error == AVERROR_EXIT) return Error{Code::Cancelled, title + ": given up while it was being opened"};
            return explain(opened.error);
        }
        VideoSourceFormat format{opened.width & ~1, opened.height & ~1, opened.fps, false, {}};
        format.description =
            title + " (" + opened.codec + ", " + std::to_string(format.width) + "x" + std::to_string(format.height) + ")";
        return format;
    }

private:
    /// Shared with the device's thread, which may outlive the source when a driver hangs.
    struct Feed {
        void take(AVFrame& frame, Timestamp moment) {
            auto picture = converter.convert(frame);
            if (!picture) return gate.failed(picture.error());
            if (moment <= last) moment = last + Timestamp(1);
            picture->pts = last = moment;
            gate.call([&](Sink& sink) {
                if (sink.onFrame) sink.onFrame(std::move(*picture));
            });
        }
        SinkGate<Sink> gate;
        FrameConverter converter;
        Timestamp last{};
    };

    std::shared_ptr<Feed> feed_;
    DeviceThread device_;
};

class Camera final : public DeviceVideo {
public:
    explicit Camera(Spec spec) : spec_(std::move(spec)) {}
    ~Camera() override { DeviceVideo::stop(); }

    Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink sink) override {
        DeviceVideo::stop();
        const auto mode = findCameraMode(spec_.target, wanted);
        if (!mode) return mode.error();
        auto format = deviceFormat("v4l2");
        if (!format) return Error{Code::CameraFailed, "camera: " + format.error().message};
        DeviceInput input{.format = *format, .name = mode->device, .title = "camera " + mode->device};
        input.options = {{"video_size", std::to_string(mode->width) + "x" + std::to_string(mode->height)},
                         {"framerate", std::to_string(mode->fps)}};
        if (!mode->format.empty()) input.options["input_format"] = mode->format;
        return run(std::move(input), std::move(sink), [device = mode->device](int error) { return cameraError(device, -error); });
    }

private:
    const Spec spec_;
};

}  // namespace

std::unique_ptr<VideoSource> makeCamera(const Spec& spec) { return std::make_unique<Camera>(spec); }

}  // namespace livepusher::capture
