// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <memory>

namespace livepusher::base {

/// Lends frames and takes their memory back when the last holder lets go. Frames may outlive the
/// pool. A change of size forgets the old memory. [any-thread]
class FramePool {
public:
    explicit FramePool(std::size_t keep = 4);
    ~FramePool();
    FramePool(const FramePool&) = delete;
    FramePool& operator=(const FramePool&) = delete;

    /// A frame nobody else holds, its pixels undefined.
    VideoFrame take(int width, int height);
    /// The same with all of `frame` but its pixels: size, time, rotation and mirror, pixel aspect, colours.
    VideoFrame takeLike(const VideoFrame& frame);

private:
    struct Shelf;
    std::shared_ptr<Shelf> shelf_;
};

}  // namespace livepusher::base
