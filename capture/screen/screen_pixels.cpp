// SPDX-License-Identifier: MIT
#include "capture/screen/screen_pixels.hpp"

#include <libyuv.h>

#include <algorithm>
#include <cmath>

namespace livepusher::capture {

base::PictureSize deliveredSize(base::PictureSize screen, base::PictureSize wanted) {
    if (wanted.width < 2 || wanted.height < 2) return screen;
    const double factor =
        std::max(static_cast<double>(wanted.width) / screen.width, static_cast<double>(wanted.height) / screen.height);
    if (factor >= 1) return screen;
    // Rounded up: what is a pixel too small would be enlarged again.
    const auto side = [&](int length) {
        return std::clamp((static_cast<int>(std::ceil(length * factor - 1e-6)) + 1) & ~1, 16, length);
    };
    return {side(screen.width), side(screen.height)};
}

ScreenPixels::View ScreenPixels::reduced(View from, base::PictureSize to, std::vector<std::uint8_t>& memory, bool halve) {
    memory.resize(static_cast<std::size_t>(to.width) * static_cast<std::size_t>(to.height) * 4);
    libyuv::ARGBScale(from.pixels, from.stride, from.size.width, from.size.height, memory.data(), to.width * 4, to.width,
                      to.height, halve ? libyuv::kFilterBox : libyuv::kFilterBilinear);
    return {memory.data(), to.width * 4, to};
}

VideoFrame ScreenPixels::convert(const std::uint8_t* pixels, int stride, base::PictureSize size, base::PictureSize wanted) {
    View view{pixels, stride, size};
    // Between two pixels of the half or more: further down, libyuv's filter would pass over pixels, and letters would break.
    for (auto *to = &first_, *other = &second_; view.size != wanted; std::swap(to, other)) {
        const base::PictureSize half{view.size.width / 2, view.size.height / 2};
        const bool halve = half.width >= wanted.width && half.height >= wanted.height;
        if (halve) view.size = {half.width * 2, half.height * 2};
        view = reduced(view, halve ? half : wanted, *to, halve);
    }
    auto frame = pool_.take(wanted.width, wanted.height);
    libyuv::ARGBToI420(view.pixels, view.stride, frame.mutablePlane(0), frame.stride(0), frame.mutablePlane(1), frame.stride(1),
                       frame.mutablePlane(2), frame.stride(2), wanted.width, wanted.height);
    frame.bt709 = false;  // libyuv's conversion is BT.601
    return frame;
}

}  // namespace livepusher::capture
