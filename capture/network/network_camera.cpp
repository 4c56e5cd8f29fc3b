// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <cerrno>
#include <optional>
#include <utility>

#include "av/deinterlacer.hpp"
#include "av/frame_converter.hpp"
#include "av/orientation.hpp"
#include "av/track_decoder.hpp"
#include "capture/network/live_clock.hpp"
#include "capture/network/live_thread.hpp"
#include "media/picture_size.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

/// From the camera's packets to the sink's frames.
class Pictures final : public LiveTeller<VideoSource::Sink> {
public:
    Pictures(std::string title, bool deinterlace) : LiveTeller(std::move(title)), deinterlacer_(title_, deinterlace) {}

    void begin() override {
        decoder_.reset();
        orientation_ = {};
        deinterlacer_.reset();
        clock_.reset();
    }
    Result<bool> take(const LiveStream& stream, const AVPacket& packet) override;

    /// Of the first picture; once start() has waited for it.
    const VideoSourceFormat& firstFormat() const { return first_; }

private:
    Error failed(const Error& error) const { return {Code::CameraFailed, error.message, error.native}; }
    Result<bool> receive(const LiveStream& stream);
    void follow(const AVStream& stream, const VideoFrame& frame);
    void deliver(VideoFrame frame);

    std::optional<TrackDecoder> decoder_;
    OrientationTracker orientation_;
    FramePtr frame_{av_frame_alloc()};
    Deinterlacer deinterlacer_;
    FrameConverter converter_;
    LiveClock clock_;
    VideoSourceFormat first_, format_;
    Timestamp last_{};
};

Result<bool> Pictures::take(const LiveStream& stream, const AVPacket& packet) {
    if (!decoder_) {
        auto opened = TrackDecoder::open(stream.pictures(), title_);
        if (!opened) return failed(opened.error());
        decoder_.emplace(std::move(*opened));
        orientation_ = OrientationTracker(stream.pictures());
    }
    const PacketPtr noted(av_packet_clone(&packet));
    if (!noted) return Error{Code::CameraFailed, title_ + ": out of memory", AVERROR(ENOMEM)};
    if (auto good = orientation_.note(*noted); !good) return failed(good.error());
    if (auto sent = decoder_->send(noted.get()); !sent) return failed(sent.error());
    bool any = false;
    for (;;) {
        const auto step = decoder_->receive(*frame_);
        if (step == Step::Failed) return Error{Code::CameraFailed, title_ + ": its pictures can't be decoded"};
        if (step != Step::Ready) return any;
        deinterlacer_.put(*frame_);
        while (deinterlacer_.take(*frame_)) {
            const auto came = receive(stream);
            if (!came) return came;
            any = true;
        }
    }
}

Result<bool> Pictures::receive(const LiveStream& stream) {
    const auto orientation = orientation_.of(*frame_);
    auto frame = converter_.convert(*frame_);
    if (!frame) return Error{Code::CameraFailed, title_ + ": " + frame.error().message};
    base::setOrientation(*frame, orientation);
    std::optional<Timestamp> told;
    if (stream.timed() && frame_->best_effort_timestamp != AV_NOPTS_VALUE)
        told = timestampOf(frame_->best_effort_timestamp, stream.pictures().time_base);
    frame->pts = clock_.map(told, now());
    const auto aspect = frame_->sample_aspect_ratio;
    if (aspect.num > 0 && aspect.den > 0) {
        frame->sampleAspectNum = aspect.num;
        frame->sampleAspectDen = aspect.den;
    }
    follow(stream.pictures(), *frame);
    deliver(std::move(*frame));
    return true;
}

/// What the frame is, told before it where that is news.
void Pictures::follow(const AVStream& stream, const VideoFrame& frame) {
    const bool first = format_.width == 0;
    const bool returned = std::exchange(away_, false);
    if (!first && !returned && frame.width() == format_.width && frame.height() == format_.height) return;
    const auto rate = decoder_->context().framerate.num > 0 ? decoder_->context().framerate : stream.avg_frame_rate;
    VideoSourceFormat format{frame.width(), frame.height(), 0, false, {}};
    if (rate.num > 0 && rate.den > 0 && av_q2d(rate) <= 240) format.fps = av_q2d(rate);
    format.description =
        title_ + " (" + avcodec_get_name(stream.codecpar->codec_id) + ", " + base::sizeText(format.width, format.height) + ")";
    format_ = format;
    if (first) first_ = format;
    if (first) return;
    gate.call([&](VideoSource::Sink& sink) {
        if (returned) sink.code(Code::CameraReturned, title_ + ": is there again");
        sink.formatChanged(format);
        if (returned) sink.code(Code::CameraOpened, format.description);
    });
}

void Pictures::deliver(VideoFrame frame) {
    frame.pts = std::max(frame.pts, last_ + Timestamp(1));
    last_ = frame.pts;
    gate.tell(&VideoSource::Sink::frame, std::move(frame));
}

class NetworkCamera final : public LiveSource<VideoSource, Pictures> {
public:
    NetworkCamera(const std::string& url, const base::NetworkOptions& network, bool deinterlace,
                  std::chrono::milliseconds retryWithin)
        : LiveSource(
              {.url = url, .network = network, .retryWithin = retryWithin, .label = "camera \"" + base::publicName(url) + "\""}),
          deinterlace_(deinterlace) {}

    Result<VideoSourceFormat> start(const WantedVideo&, Sink& sink) override {
        if (auto begun = begin(std::make_shared<Pictures>(camera_.label, deinterlace_), sink); !begun) return begun.error();
        return teller_->firstFormat();
    }
    void request(CameraRequest request) override {
        request.reply(
            Error{Code::NotAvailable, camera_.label + ": a network camera's zoom and light are set at the camera itself"});
    }

private:
    const bool deinterlace_;
};

}  // namespace

std::unique_ptr<VideoSource> makeNetworkCamera(const std::string& url, const base::NetworkOptions& network, bool deinterlace,
                                               std::chrono::milliseconds retryWithin) {
    return std::make_unique<NetworkCamera>(url, network, deinterlace, retryWithin);
}

}  // namespace livepusher::capture
