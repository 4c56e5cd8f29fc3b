// SPDX-License-Identifier: MIT
#include "capture/camera/stream.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/log.hpp"
#include "base/number_text.hpp"
#include "media/picture_size.hpp"

namespace livepusher::capture {
namespace {

constexpr unsigned kBuffers = 6;  // 200 ms at 30 fps for a machine that is busy elsewhere
constexpr Timestamp kPlausible{1'000'000};

std::string number(double value) {
    auto text = base::decimalText(value, 2);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

Timestamp wallClock() { return std::chrono::duration_cast<Timestamp>(std::chrono::system_clock::now().time_since_epoch()); }

}  // namespace

Timestamp captureMoment(const v4l2_buffer& buffer, Timestamp arrival, Timestamp wallClock) {
    const Timestamp told{std::int64_t{buffer.timestamp.tv_sec} * 1'000'000 + buffer.timestamp.tv_usec};
    const bool monotonic = (buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    // Old drivers stamp with the wall clock and don't say so.
    for (const auto moment : {told, monotonic ? told : told + arrival - wallClock})
        if (moment <= arrival && moment > arrival - kPlausible) return moment;
    return arrival;
}

CameraStream::CameraStream(V4l2Node node)
    : node_(std::move(node)),
      identity_(identityOf(node_)),
      title_(identity_.name.empty() ? node_.path() : identity_.name + " (" + node_.path() + ")"),
      controls_(node_) {}

CameraStream::~CameraStream() {
    if (torch_) controls_.setTorch(node_, false);
    auto type = static_cast<int>(V4L2_BUF_TYPE_VIDEO_CAPTURE);
    node_.ask(VIDIOC_STREAMOFF, &type);
    for (const auto& buffer : buffers_)
        if (buffer.bytes) munmap(buffer.bytes, buffer.length);
    if (frames_ > 0)
        base::log(lost_ + broken_ > 0 ? LogLevel::Info : LogLevel::Debug,
                  "camera \"" + title_ + "\": " + std::to_string(frames_) + " frames, " + std::to_string(lost_) +
                      " that the driver lost, " + std::to_string(broken_) + " broken and left out");
}

Result<std::unique_ptr<CameraStream>> CameraStream::open(V4l2Node node, const WantedVideo& wanted) {
    std::unique_ptr<CameraStream> stream(new CameraStream(std::move(node)));
    const auto wish = wideEnough({wanted.width, wanted.height});
    const auto offer = chooseOffer(cameraOffers(stream->node_, wish), wish, wanted.fps);
    if (!offer) {
        std::string has, taken;
        for (const auto format : cameraFormats(stream->node_)) has += (has.empty() ? "" : ", ") + formatName(format);
        for (const auto& format : takenFormats()) taken += (taken.empty() ? "" : ", ") + formatName(format.fourcc);
        return cameraFailed(
            stream->title_,
            "has no format that can be taken: it has " + (has.empty() ? "none at all" : has) + "; must be one of " + taken,
            EINVAL);
    }
    if (auto done = stream->configure(*offer, wanted.fps); !done) return done.error();
    if (auto done = stream->begin(); !done) return done.error();
    stream->follow(wanted.wishes);
    // What this one can't do is left out: the wish may have been another camera's.
    if (auto zoomed = stream->setZoom(std::clamp(wanted.wishes.zoom, 1.0, stream->maxZoom())); !zoomed)
        base::log(LogLevel::Warning, zoomed.error().message);
    if (wanted.wishes.torch)
        if (auto lit = stream->setTorch(true); !lit) base::log(LogLevel::Info, lit.error().message);
    return stream;
}

Result<void> CameraStream::configure(const CameraOffer& offer, double fps) {
    v4l2_format format{};
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    format.fmt.pix.pixelformat = offer.format;
    format.fmt.pix.width = static_cast<__u32>(offer.size.width);
    format.fmt.pix.height = static_cast<__u32>(offer.size.height);
    if (const int error = node_.ask(VIDIOC_S_FMT, &format)) return failed(error);
    pixels_ = format.fmt.pix;
    const auto fits = [](__u32 length) { return length >= 16 && length <= 8192; };
    if (pixels_.pixelformat != offer.format || !fits(pixels_.width) || !fits(pixels_.height))
        return cameraFailed(title_, "gives " + formatName(pixels_.pixelformat) + " " +
                                        base::sizeText(pixels_.width, pixels_.height) + " where it offered " +
                                        formatName(offer.format));

    const auto rate = offer.nearest(fps);
    v4l2_streamparm timing{};
    timing.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    timing.parm.capture.timeperframe = {rate.seconds, rate.frames};
    // A driver that knows no rates has its own.
    if (node_.ask(VIDIOC_S_PARM, &timing) == 0 && timing.parm.capture.timeperframe.numerator > 0)
        fps_ = double(timing.parm.capture.timeperframe.denominator) / timing.parm.capture.timeperframe.numerator;
    converter_.emplace(pixels_);
    return {};
}

Result<void> CameraStream::begin() {
    v4l2_requestbuffers wanted{};
    wanted.count = kBuffers;
    wanted.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    wanted.memory = V4L2_MEMORY_MMAP;
    if (const int error = node_.ask(VIDIOC_REQBUFS, &wanted)) return failed(error);
    if (wanted.count < 2) return failed(ENOMEM);
    for (__u32 i = 0; i < wanted.count; ++i) {
        v4l2_buffer buffer{};
        buffer.index = i;
        buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        buffer.memory = V4L2_MEMORY_MMAP;
        if (const int error = node_.ask(VIDIOC_QUERYBUF, &buffer)) return failed(error);
        auto* bytes =
            mmap(nullptr, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, node_.fd(), static_cast<off_t>(buffer.m.offset));
        if (bytes == MAP_FAILED) return failed(errno);
        buffers_.push_back({static_cast<std::uint8_t*>(bytes), buffer.length});
        if (const int error = node_.ask(VIDIOC_QBUF, &buffer)) return failed(error);
    }
    auto type = static_cast<int>(V4L2_BUF_TYPE_VIDEO_CAPTURE);
    if (const int error = node_.ask(VIDIOC_STREAMON, &type)) return failed(error);
    return {};
}

VideoSourceFormat CameraStream::format() const {
    VideoSourceFormat format{size().width, size().height, fps_, false, {}};
    format.description = "camera \"" + title_ + "\", " + formatName(pixels_.pixelformat) + " " + std::to_string(pixels_.width) +
                         "x" + std::to_string(pixels_.height);
    if (fps_ > 0) format.description += " at " + number(fps_) + " fps";
    return format;
}

CameraStream::Got CameraStream::next() {
    v4l2_buffer buffer{};
    buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer.memory = V4L2_MEMORY_MMAP;
    if (const int error = node_.ask(VIDIOC_DQBUF, &buffer)) return {.error = error};
    if (buffer.index >= buffers_.size()) return {.error = EIO};
    Got got;
    const auto& memory = buffers_[buffer.index];
    if (!(buffer.flags & V4L2_BUF_FLAG_ERROR))
        got.frame = converter_->convert({memory.bytes, std::min<std::size_t>(buffer.bytesused, memory.length)});
    if (const auto news = converter_->takeNews()) base::log(LogLevel::Warning, "camera \"" + title_ + "\": " + *news);
    if (got.frame)
        got.frame->pts = captureMoment(buffer, now(), wallClock());
    else if (broken_++ == 0)
        base::log(LogLevel::Warning,
                  "camera \"" + title_ + "\": gave a broken frame, which is left out, as all further ones are");
    ++frames_;
    if (sequence_ && buffer.sequence - *sequence_ < 1000) lost_ += buffer.sequence - *sequence_ - 1;
    sequence_ = buffer.sequence;
    // What goes wrong here, the next call tells too; this frame is good.
    node_.ask(VIDIOC_QBUF, &buffer);
    return got;
}

void CameraStream::follow(const VideoWishes& wishes) {
    int error = controls_.setAutoFocus(node_, wishes.autoFocus);
    if (!wishes.autoFocus && error == 0) error = controls_.setFocus(node_, wishes.focus);
    if (error != 0) base::log(LogLevel::Warning, failed(error).message + " (focus)");
    if (!wishes.autoFocus && !controls_.hasFocus())
        base::log(LogLevel::Info, "camera \"" + title_ + "\": has no focus that can be set");
}

double CameraStream::maxZoom() const { return controls_.hasZoom() ? controls_.maxZoom() : kMostDigitalZoom; }

Result<double> CameraStream::setZoom(double factor) {
    if (!(factor >= 1 && factor <= maxZoom()))
        return Error{Code::InvalidArgument,
                     "zoom " + number(factor) + ": must be 1.." + number(maxZoom()) + " for camera \"" + title_ + "\""};
    if (controls_.hasZoom()) {
        if (const int error = controls_.setZoom(node_, factor)) return failed(error);
        return zoom_ = controls_.zoom(node_);
    }
    converter_->zoom(factor);
    return zoom_ = factor;
}

Result<void> CameraStream::setTorch(bool on) {
    if (!controls_.hasTorch()) return Error{Code::NotAvailable, "camera \"" + title_ + "\": has no light"};
    if (const int error = controls_.setTorch(node_, on)) return failed(error);
    torch_ = on;
    return {};
}

}  // namespace livepusher::capture
