// SPDX-License-Identifier: MIT
#include "media/frame_pool.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace livepusher::base {

struct FramePool::Shelf {
    explicit Shelf(std::size_t count) : keep(count) {}

    const std::size_t keep;
    std::mutex mutex;
    int width = 0;
    int height = 0;
    std::vector<std::shared_ptr<VideoFrame::Buffer>> free;
};

FramePool::FramePool(std::size_t keep) : shelf_(std::make_shared<Shelf>(keep)) {}
FramePool::~FramePool() = default;

VideoFrame FramePool::take(int width, int height) {
    std::shared_ptr<VideoFrame::Buffer> memory;
    std::vector<std::shared_ptr<VideoFrame::Buffer>> forgotten;  // destroyed after the lock is released
    {
        std::lock_guard lock(shelf_->mutex);
        if (shelf_->width != width || shelf_->height != height) {
            forgotten.swap(shelf_->free);
            shelf_->width = width;
            shelf_->height = height;
        } else if (!shelf_->free.empty()) {
            memory = std::move(shelf_->free.back());
            shelf_->free.pop_back();
        }
    }
    if (!memory) memory = VideoFrame::makeBuffer(width, height);
    auto* raw = memory.get();
    return {width, height,
            std::shared_ptr<VideoFrame::Buffer>(raw, [shelf = shelf_, held = std::move(memory), width, height](auto*) mutable {
                std::lock_guard lock(shelf->mutex);
                if (shelf->width == width && shelf->height == height && shelf->free.size() < shelf->keep)
                    shelf->free.push_back(std::move(held));
            })};
}

VideoFrame FramePool::takeLike(const VideoFrame& frame) {
    auto like = take(frame.width(), frame.height());
    like.pts = frame.pts;
    like.rotation = frame.rotation;
    like.mirrored = frame.mirrored;
    like.sampleAspectNum = frame.sampleAspectNum;
    like.sampleAspectDen = frame.sampleAspectDen;
    like.bt709 = frame.bt709;
    return like;
}

}  // namespace livepusher::base
