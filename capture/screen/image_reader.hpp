// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/screen/x_connection.hpp"

namespace livepusher::capture {

/// Memory for one picture of 4 bytes a pixel (B G R x), which a server on this machine writes into by itself (MIT-SHM) and
/// any other sends.
class ImageReader {
public:
    explicit ImageReader(XConnection& connection);
    ~ImageReader();
    ImageReader(const ImageReader&) = delete;
    ImageReader& operator=(const ImageReader&) = delete;

    /// Of that size from now on, its pixels undefined. What was asked for doesn't come any more.
    void resize(int width, int height);
    /// Asks for `count` rows from row `first` on; the picture's upper left corner is x, y of the drawable.
    void ask(xcb_drawable_t drawable, int x, int y, int first, int count);
    bool asked() const { return sequence_ != 0; }
    enum class Answer { Pending, Read, Failed };
    Answer collect();

    std::uint8_t* pixels() { return shared_ ? shared_ : own_.data(); }
    int stride() const { return width_ * 4; }

private:
    bool share(std::size_t bytes);
    void release();

    XConnection& connection_;
    bool canShare_ = false;
    xcb_shm_seg_t segment_ = 0;
    std::uint8_t* shared_ = nullptr;
    std::size_t sharedBytes_ = 0;
    std::vector<std::uint8_t> own_;
    int width_ = 0, height_ = 0;
    unsigned sequence_ = 0;  ///< of what was asked for; 0: nothing
    int first_ = 0, count_ = 0;
};

}  // namespace livepusher::capture
