// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/export.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace livepusher {

/// A moment on the steady clock (std::chrono::steady_clock), stamped once, at capture.
using Timestamp = std::chrono::microseconds;

/// Now, on the clock that every Timestamp is read from. [any-thread]
LIVEPUSHER_API Timestamp now();

/// Turn that a picture still needs, clockwise, to stand upright.
enum class Rotation : std::uint16_t {
    None = 0,     ///< none
    Cw90 = 90,    ///< a quarter turn
    Cw180 = 180,  ///< half a turn
    Cw270 = 270,  ///< three quarters of a turn
};

/// One I420 picture: 8 bit, limited range, even size. Copying shares the pixels; once a frame is
/// shared its pixels never change.
class LIVEPUSHER_API VideoFrame {
public:
    /// Rows start at a multiple of 64 bytes: reading a few bytes past a row's end is safe.
    struct Buffer {
        std::vector<std::uint8_t> bytes;       ///< all three planes
        std::array<std::size_t, 3> offsets{};  ///< where Y, U and V begin in it
        std::array<int, 3> strides{};          ///< bytes from row to row of each
    };

    VideoFrame() = default;  ///< no picture
    /// A picture in memory from makeBuffer() of that size.
    VideoFrame(int width, int height, std::shared_ptr<Buffer> buffer)
        : width_(width), height_(height), buffer_(std::move(buffer)) {}

    /// A frame of its own memory. Width and height: even, 2..8192. Sources use a FramePool instead.
    static VideoFrame allocate(int width, int height);
    /// The memory of a frame of that size, its pixels black.
    static std::shared_ptr<Buffer> makeBuffer(int width, int height);

    explicit operator bool() const { return buffer_ != nullptr; }  ///< whether it holds a picture
    int width() const { return width_; }                           ///< px, even
    int height() const { return height_; }                         ///< px, even
    /// The first row of plane 0 (Y), 1 (U) or 2 (V); the last two have half the width and height.
    const std::uint8_t* plane(int i) const { return buffer_->bytes.data() + buffer_->offsets[static_cast<std::size_t>(i)]; }
    /// Bytes from one row of that plane to the next.
    int stride(int i) const { return buffer_->strides[static_cast<std::size_t>(i)]; }
    /// As plane(), to write. Only before the frame is shared.
    std::uint8_t* mutablePlane(int i) { return buffer_->bytes.data() + buffer_->offsets[static_cast<std::size_t>(i)]; }
    /// Whether another VideoFrame has the same pixels.
    bool shared() const { return buffer_.use_count() > 1; }

    Timestamp pts{};                     ///< when it was captured
    Rotation rotation = Rotation::None;  ///< the turn it still needs
    bool mirrored = false;               ///< it needs left and right exchanged too, as it lies in memory, before the turn
    int sampleAspectNum = 1;             ///< width of one pixel ...
    int sampleAspectDen = 1;             ///< ... to its height
    bool bt709 = true;                   ///< colour matrix: BT.709, else BT.601

private:
    int width_ = 0;
    int height_ = 0;
    std::shared_ptr<Buffer> buffer_;
};

/// How the pixels of a VideoFrameView lie in memory; 8 bit each.
enum class PixelFormat {
    I420,  ///< planes Y, U, V, limited range
    NV12,  ///< planes Y and UV, limited range
    Rgba,  ///< one plane of bytes R G B A; A is not used
};

/// Pixels that the application owns, read during the call that takes them and not kept.
struct VideoFrameView {
    PixelFormat format = PixelFormat::I420;       ///< of the planes
    int width = 0;                                ///< px, even, 16..8192
    int height = 0;                               ///< px, even, 16..8192
    std::array<const std::uint8_t*, 3> planes{};  ///< I420: Y U V; NV12: Y UV; Rgba: bytes R G B A
    std::array<int, 3> strides{};                 ///< bytes from row to row
    Rotation rotation = Rotation::None;           ///< the turn it still needs
    Timestamp pts{};                              ///< on livepusher::now()'s clock; zero: the moment of the call
    bool bt709 = true;                            ///< I420 and NV12 only
    bool mirrored = false;                        ///< it needs left and right exchanged too, before the turn
};

/// What one sample of an AudioBlockView is.
enum class SampleFormat {
    Float,  ///< -1..1
    S16,    ///< signed, of this machine's byte order
};

/// Interleaved samples that the application owns, read during the call that takes them and not kept.
struct AudioBlockView {
    SampleFormat format = SampleFormat::Float;  ///< of the samples
    int sampleRate = 48000;                     ///< Hz, 8000..192000
    int channels = 2;                           ///< 1..8
    const void* data = nullptr;                 ///< frames * channels samples
    std::size_t frames = 0;                     ///< samples of one channel
    Timestamp pts{};  ///< of the first sample, on livepusher::now()'s clock; zero: now minus the block's length
};

}  // namespace livepusher
