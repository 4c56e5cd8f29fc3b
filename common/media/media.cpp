// SPDX-License-Identifier: MIT
#include <livepusher/media.hpp>

#include <algorithm>

namespace livepusher {

std::shared_ptr<VideoFrame::Buffer> VideoFrame::makeBuffer(int width, int height) {
    constexpr int kAlign = 64;
    const auto aligned = [](int bytes) { return (bytes + kAlign - 1) / kAlign * kAlign; };
    auto buffer = std::make_shared<Buffer>();
    const int luma = aligned(width);
    const int chroma = aligned(width / 2);
    buffer->strides = {luma, chroma, chroma};
    const auto lumaSize = static_cast<std::size_t>(luma) * static_cast<std::size_t>(height);
    const auto chromaSize = static_cast<std::size_t>(chroma) * static_cast<std::size_t>(height / 2);
    buffer->bytes.resize(lumaSize + 2 * chromaSize + std::size_t{2} * kAlign, 128);
    // The vector's own alignment is 16; start at a multiple of 64.
    const auto address = reinterpret_cast<std::uintptr_t>(buffer->bytes.data());
    const std::size_t base = (kAlign - address % kAlign) % kAlign;
    buffer->offsets = {base, base + lumaSize, base + lumaSize + chromaSize};
    std::fill_n(buffer->bytes.begin() + static_cast<std::ptrdiff_t>(base), lumaSize, std::uint8_t{16});
    return buffer;
}

VideoFrame VideoFrame::allocate(int width, int height) { return {width, height, makeBuffer(width, height)}; }

}  // namespace livepusher
