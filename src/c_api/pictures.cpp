// SPDX-License-Identifier: MIT
#include "c_api/pictures.hpp"

#include "c_api/handle.hpp"

#include <algorithm>
#include <type_traits>

namespace livepusher::c_api {

namespace {

Result<Rotation> rotationOf(int degrees) {
    if (degrees == 0 || degrees == 90 || degrees == 180 || degrees == 270) return static_cast<Rotation>(degrees);
    return Error{Code::InvalidArgument, "rotation " + std::to_string(degrees) + ": must be 0, 90, 180 or 270"};
}

/// What C's two kinds of picture have in common.
template <typename Picture, typename Frame>
Picture pictureOf(Frame& frame) {
    Picture picture{};
    picture.width = frame.width();
    picture.height = frame.height();
    for (int i = 0; i < 3; ++i) {
        if constexpr (std::is_const_v<Frame>)
            picture.planes[i] = frame.plane(i);
        else
            picture.planes[i] = frame.mutablePlane(i);
        picture.strides[i] = frame.stride(i);
    }
    picture.rotation = static_cast<int>(frame.rotation);
    picture.bt601 = frame.bt709 ? 0 : 1;
    picture.mirrored = frame.mirrored ? 1 : 0;
    picture.pts = frame.pts.count();
    return picture;
}

bool usable(const livepusher_render_frame& left) {
    constexpr int kLeast = 16, kMost = 8192;
    const auto fits = [](int size) { return size >= kLeast && size <= kMost && size % 2 == 0; };
    if (!fits(left.width) || !fits(left.height) || !rotationOf(left.rotation)) return false;
    for (int i = 0; i < 3; ++i)
        if (!left.planes[i] || left.strides[i] < (i == 0 ? left.width : left.width / 2)) return false;
    return true;
}

VideoFrame copyOf(const livepusher_render_frame& left) {
    auto copy = VideoFrame::allocate(left.width, left.height);
    for (int i = 0; i < 3; ++i) {
        const int rows = i == 0 ? left.height : left.height / 2;
        const int bytes = i == 0 ? left.width : left.width / 2;
        for (std::ptrdiff_t y = 0; y < rows; ++y)
            std::copy_n(left.planes[i] + y * left.strides[i], bytes, copy.mutablePlane(i) + y * copy.stride(i));
    }
    return copy;
}

}  // namespace

void render(livepusher_handle* pusher, livepusher_render_fn callback, VideoFrame& frame) {
    const auto given = pictureOf<livepusher_render_frame>(frame);
    auto left = given;
    callBack(pusher, [&] { callback(pusher, &left, pusher->callbacks.user); });
    if (!usable(left)) {
        frame = {};
        return;
    }
    const bool inPlace = std::ranges::equal(left.planes, given.planes) && std::ranges::equal(left.strides, given.strides) &&
                         left.width == given.width && left.height == given.height;
    if (!inPlace) frame = copyOf(left);
    frame.rotation = static_cast<Rotation>(left.rotation);
    frame.bt709 = left.bt601 == 0;
    frame.mirrored = left.mirrored != 0;
}

livepusher_video_frame viewOf(const VideoFrame& frame) { return pictureOf<livepusher_video_frame>(frame); }

}  // namespace livepusher::c_api

using namespace livepusher;
using namespace livepusher::c_api;

int livepusher_push_video_frame(livepusher_t* pusher, const livepusher_video_frame* frame) {
    return withContext(pusher, [&](LivePusherContext& context) -> Result<void> {
        if (!frame) return missing("frame");
        const auto format = enumerator<PixelFormat>("format", frame->format, 3, "I420 (0), NV12 (1) or RGBA (2)");
        if (!format) return format.error();
        const auto rotation = rotationOf(frame->rotation);
        if (!rotation) return rotation.error();
        return context.pushVideoFrame({.format = *format,
                                       .width = frame->width,
                                       .height = frame->height,
                                       .planes = {frame->planes[0], frame->planes[1], frame->planes[2]},
                                       .strides = {frame->strides[0], frame->strides[1], frame->strides[2]},
                                       .rotation = *rotation,
                                       .pts = Timestamp(frame->pts),
                                       .bt709 = frame->bt601 == 0,
                                       .mirrored = frame->mirrored != 0});
    });
}

int livepusher_push_coded_video(livepusher_t* pusher, const livepusher_coded_video* unit) {
    return withContext(pusher, [&](LivePusherContext& context) -> Result<void> {
        if (!unit) return missing("unit");
        if (unit->codec != LIVEPUSHER_H264 && unit->codec != LIVEPUSHER_HEVC)
            return Error{Code::InvalidArgument, "codec " + std::to_string(unit->codec) + ": must be H.264 (0) or HEVC (1)"};
        if (!unit->data) return missing("data");
        return context.pushCodedVideo({.codec = unit->codec == LIVEPUSHER_H264 ? VideoCodec::h264 : VideoCodec::hevc,
                                       .data = {unit->data, unit->size},
                                       .pts = Timestamp(unit->pts),
                                       .dts = Timestamp(unit->dts)});
    });
}

int livepusher_push_audio_block(livepusher_t* pusher, const livepusher_audio_block* block) {
    return withContext(pusher, [&](LivePusherContext& context) -> Result<void> {
        if (!block) return missing("block");
        const auto format = enumerator<SampleFormat>("format", block->format, 2, "float (0) or s16 (1)");
        if (!format) return format.error();
        return context.pushAudioBlock({.format = *format,
                                       .sampleRate = block->sample_rate,
                                       .channels = block->channels,
                                       .data = block->data,
                                       .frames = block->frames,
                                       .pts = Timestamp(block->pts)});
    });
}
