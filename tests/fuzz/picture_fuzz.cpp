// SPDX-License-Identifier: MIT
// What a waiting image's file can hold: the headers read here, libavcodec's decoders, and the way to a frame.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "av/exif.hpp"
#include "av/picture_decoder.hpp"
#include "av/picture_header.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher;
    const int block = capture::readExif({data, size}), orientation = capture::readPictureExif({data, size});
    require(block >= 1 && block <= 8 && orientation >= 1 && orientation <= 8);
    const auto header = capture::readPictureHeader({data, size});
    if (header && std::max(header->width, header->height) > 1024) return 0;  // allowed, but each would take its time
    const auto frame = capture::decodePicture({data, size});
    if (!frame) {
        require(!frame.error().message.empty() && frame.error().message.size() < 1000);
        return 0;
    }
    require(header.has_value());
    require(frame->width() % 2 == 0 && frame->height() % 2 == 0);
    require(std::min(frame->width(), frame->height()) >= 2 && std::max(frame->width(), frame->height()) <= 4096);
    return 0;
}
