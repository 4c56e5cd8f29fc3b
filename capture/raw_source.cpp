// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "capture/input_source.hpp"
#include "media/frame_pool.hpp"
#include "media/picture_size.hpp"
#include "media/pixels.hpp"

namespace livepusher::capture {
namespace {

constexpr int kMaxParts = 1024;  // IOV_MAX
constexpr Timestamp kRawTooLate{500'000};

const char* formatName(PixelFormat format) {
    return format == PixelFormat::I420 ? "I420" : format == PixelFormat::NV12 ? "NV12" : "RGBA";
}

class RawVideo final : public InputSource<VideoSource> {
public:
    RawVideo(const Spec& spec, bool loop) : InputSource("raw", spec, loop) {}
    ~RawVideo() override { stop(); }

    Result<VideoSourceFormat> start(const WantedVideo&, Sink& sink) override {
        stop();
        if (auto begun = begin(sink); !begun) return begun.error();
        VideoSourceFormat format{spec_.width, spec_.height, spec_.fps, reader_.regularFile(), {}};
        format.description =
            "raw " + spec_.target + " (" + formatName(spec_.format) + ", " + base::sizeText(spec_.width, spec_.height) + ")";
        return format;
    }

private:
    enum class Filled { Frame, Ended, Stop };

    void run() override;
    void beginFrame();
    void addRows(std::uint8_t* row, int stride, int width, int height);
    Filled fillFrame();
    void deliver(Timestamp pts);

    base::FramePool pool_;

    // The thread's own. What has been read of a frame is kept while the source is stopped.
    VideoFrame frame_;
    std::vector<std::uint8_t> pixels_;  ///< of a format that must be converted
    std::vector<iovec> parts_;          ///< where the frame's bytes go
    std::size_t part_ = 0;              ///< the first that isn't full
    bool partial_ = false;
    std::int64_t frames_ = 0;  ///< since the start
};

void RawVideo::addRows(std::uint8_t* row, int stride, int width, int height) {
    const auto bytes = static_cast<std::size_t>(width);
    if (stride == width) {  // the plane in one piece
        parts_.push_back({row, bytes * static_cast<std::size_t>(height)});
        return;
    }
    for (; height > 0; --height, row += stride) parts_.push_back({row, bytes});
}

void RawVideo::beginFrame() {
    parts_.clear();
    part_ = 0;
    partial_ = false;
    frame_ = pool_.take(spec_.width, spec_.height);
    const int w = spec_.width, h = spec_.height;
    if (spec_.format == PixelFormat::I420) {  // straight into the pipeline's frame
        addRows(frame_.mutablePlane(0), frame_.stride(0), w, h);
        addRows(frame_.mutablePlane(1), frame_.stride(1), w / 2, h / 2);
        addRows(frame_.mutablePlane(2), frame_.stride(2), w / 2, h / 2);
        return;
    }
    const auto area = static_cast<std::size_t>(w) * static_cast<std::size_t>(h);
    pixels_.resize(spec_.format == PixelFormat::NV12 ? area * 3 / 2 : area * 4);
    parts_.push_back({pixels_.data(), pixels_.size()});
}

RawVideo::Filled RawVideo::fillFrame() {
    if (part_ == parts_.size()) beginFrame();
    while (part_ < parts_.size()) {
        const auto count = std::min<std::size_t>(parts_.size() - part_, kMaxParts);
        const auto got = reader_.read(&parts_[part_], static_cast<int>(count));
        if (got.status == FdReader::Status::Cancelled) return Filled::Stop;
        if (got.status == FdReader::Status::Ended) {
            if (partial_) base::log(LogLevel::Warning, name() + "its last frame is incomplete and is left out");
            part_ = parts_.size();
            return Filled::Ended;
        }
        if (got.status == FdReader::Status::Failed) {
            readFailed(got.error);
            return Filled::Stop;
        }
        partial_ = true;
        for (auto left = got.bytes; left > 0;) {
            auto& part = parts_[part_];
            const auto used = std::min(left, part.iov_len);
            part.iov_base = static_cast<std::uint8_t*>(part.iov_base) + used;
            part.iov_len -= used;
            left -= used;
            if (part.iov_len == 0) ++part_;
        }
    }
    return Filled::Frame;
}

void RawVideo::deliver(Timestamp pts) {
    if (spec_.format != PixelFormat::I420) {
        const int w = spec_.width;
        const auto* data = pixels_.data();
        VideoFrameView view{.format = spec_.format, .width = w, .height = spec_.height};
        view.bt709 = spec_.height >= 720;
        if (spec_.format == PixelFormat::NV12) {
            view.planes = {data, data + static_cast<std::ptrdiff_t>(w) * spec_.height, nullptr};
            view.strides = {w, w, 0};
        } else {
            view.planes = {data, nullptr, nullptr};
            view.strides = {w * 4, 0, 0};
        }
        base::convertView(view, frame_);
    } else {
        frame_.bt709 = spec_.height >= 720;
    }
    auto frame = std::exchange(frame_, {});
    any_ = true;
    frame.pts = pts;
    gate_.tell(&Sink::frame, std::move(frame));
}

void RawVideo::run() {
    const bool paced = reader_.regularFile();
    auto zero = now();
    frames_ = 0;
    for (;;) {
        const auto filled = fillFrame();
        if (filled == Filled::Stop) return;
        if (filled == Filled::Ended) {
            if (!again()) return;
            continue;
        }
        if (!paced) {
            ++frames_;
            deliver(now());
            continue;
        }
        const auto due = [&] { return zero + Timestamp(std::llround(static_cast<double>(frames_) * 1e6 / spec_.fps)); };
        if (now() - due() > kRawTooLate) zero += now() - due();
        // A frame that has been read is not lost by a stop: it stays the next one.
        if (!reader_.sleepUntil(due())) return;
        deliver(due());
        ++frames_;
    }
}

}  // namespace

std::unique_ptr<VideoSource> makeRawVideo(const Spec& spec, bool loop) { return std::make_unique<RawVideo>(spec, loop); }

}  // namespace livepusher::capture
