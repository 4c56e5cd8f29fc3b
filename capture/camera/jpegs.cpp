// SPDX-License-Identifier: MIT
#include "capture/camera/jpegs.hpp"

#include <libyuv.h>

#include <algorithm>

#include "capture/camera/mjpeg_fallback_decoder.hpp"
#include "media/pixels.hpp"
#include "media/planes.hpp"

namespace livepusher::capture {
namespace {

constexpr int kMostPadding = 32;                // px: to multiples of 8, 16 or 32
constexpr std::size_t kMostTold = 8;            // sizes: a camera that changes for ever must not fill the log
constexpr int kSmallest = 16, kLargest = 8192;  // px, of a side

bool isPadded(int coded, int told) { return coded > told && coded - told < kMostPadding && coded % 8 == 0; }
bool isAs(int coded, int told) { return coded == told || isPadded(coded, told); }

}  // namespace

JpegLayout JpegLayout::of(base::PictureSize told, base::PictureSize coded) {
    JpegLayout layout;
    layout.shown = {coded.width & ~1, coded.height & ~1};
    if (coded == told) return layout;
    layout.why = "gives pictures of " + sizeText(coded) + " where its driver says " + sizeText(told);
    const bool wide = isAs(coded.width, told.width), high = isAs(coded.height, told.height);
    if (wide && high) {
        layout.shown = {told.width & ~1, told.height & ~1};
        *layout.why += ": what is more is cropped";
        return layout;
    }
    if (wide && isAs(coded.height, told.height / 2)) {
        layout.shown = {told.width & ~1, told.height / 2 & ~1};
        layout.aspectDen = 2;
    } else if (high && isAs(coded.width, told.width / 2)) {
        layout.shown = {told.width / 2 & ~1, told.height & ~1};
        layout.aspectNum = 2;
    }
    *layout.why += ": they are scaled to that";
    return layout;
}

JpegPictures::JpegPictures(base::PictureSize told, bool fullRange)
    : told_(told), fullRange_(fullRange), coded_(told), layout_(JpegLayout::of(told, told)), known_{told} {}

JpegPictures::~JpegPictures() = default;

std::optional<VideoFrame> JpegPictures::convert(std::span<const std::uint8_t> bytes, double zoom, base::FramePool& pool) {
    base::PictureSize coded;
    if (libyuv::MJPGSize(bytes.data(), bytes.size(), &coded.width, &coded.height) != 0) return std::nullopt;
    if (std::min(coded.width, coded.height) < kSmallest || std::max(coded.width, coded.height) > kLargest) return std::nullopt;
    auto layout = coded == coded_ ? layout_ : JpegLayout::of(told_, coded);
    const auto crop = base::middleOf(layout.shown, zoom);
    auto frame = std::optional(pool.take(crop.width, crop.height));
    if (fill(bytes, *frame, coded, crop)) {
        if (fullRange_) base::limitRange(*frame);
    } else {
        if (!oddJpegs_) oddJpegs_ = std::make_unique<MjpegFallbackDecoder>();
        frame = oddJpegs_->convert(bytes, coded.width, coded.height, crop);
        if (!frame) return frame;
    }
    // Only now: the head of a broken one may say anything.
    if (coded != coded_) follow(coded, std::move(layout));
    frame->sampleAspectNum = layout_.aspectNum;
    frame->sampleAspectDen = layout_.aspectDen;
    return frame;
}

void JpegPictures::follow(base::PictureSize coded, JpegLayout layout) {
    coded_ = coded;
    layout_ = std::move(layout);
    if (known_.size() > kMostTold || std::ranges::find(known_, coded) != known_.end()) return;
    known_.push_back(coded);
    news_ = layout_.why;
}

bool JpegPictures::decode(std::span<const std::uint8_t> bytes, VideoFrame& to, base::PictureSize coded) const {
    return libyuv::MJPGToI420(bytes.data(), bytes.size(), to.mutablePlane(0), to.stride(0), to.mutablePlane(1), to.stride(1),
                              to.mutablePlane(2), to.stride(2), coded.width, coded.height, to.width(), to.height()) == 0;
}

bool JpegPictures::fill(std::span<const std::uint8_t> bytes, VideoFrame& frame, base::PictureSize coded, const base::Rect& crop) {
    const base::PictureSize even{coded.width & ~1, coded.height & ~1};
    if (crop.size() == even) return decode(bytes, frame, coded);
    if (!whole_ || base::sizeOf(whole_) != even) whole_ = VideoFrame::allocate(even.width, even.height);
    if (!decode(bytes, whole_, coded)) return false;
    base::copy(base::viewOf(whole_, crop), base::writableViewOf(frame));
    return true;
}

}  // namespace livepusher::capture
