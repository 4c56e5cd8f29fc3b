// SPDX-License-Identifier: MIT
#include "av/picture_header.hpp"

#include "base/big_endian.hpp"
#include "media/source_failed.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace livepusher::capture {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// Each scan of a progressive JPEG goes over the whole picture; real ones have about ten.
constexpr int kMaxScans = 200;

Error cut(const char* kind) { return base::sourceFailed(std::string("a ") + kind + " that is cut short or damaged"); }

bool holds(Bytes bytes, std::size_t at, std::string_view text) {
    return bytes.size() >= at + text.size() && std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

std::int64_t little(Bytes bytes, std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    while (count-- > 0) value = value << 8 | bytes[at + count];
    return value;
}

std::int64_t big(Bytes bytes, std::size_t at, std::size_t count) {
    return static_cast<std::int64_t>(base::readBig(bytes.subspan(at, count)));
}

/// ITU-T T.81 annex B: segments up to EOI, each scan's data behind its header.
Result<PictureHeader> jpeg(Bytes bytes) {
    PictureHeader header{PictureKind::Jpeg};
    int scans = 0;
    for (std::size_t at = 2;;) {
        // What stands between markers is a scan's data, in which FF is followed by 0 or a restart marker.
        const auto isMarker = [](std::uint8_t c) { return c != 0x00 && c != 0x01 && c != 0xFF && (c < 0xD0 || c > 0xD7); };
        while (at + 1 < bytes.size() && !(bytes[at] == 0xFF && isMarker(bytes[at + 1]))) ++at;
        if (at + 1 >= bytes.size()) return cut("JPEG");
        const auto marker = bytes[at + 1];
        at += 2;
        if (marker == 0xD9) break;
        if (marker == 0xD8) continue;
        if (at + 2 > bytes.size()) return cut("JPEG");
        const auto length = static_cast<std::size_t>(big(bytes, at, 2));
        if (length < 2 || at + length > bytes.size()) return cut("JPEG");
        const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame && length >= 7) {
            header.height = std::max(header.height, big(bytes, at + 3, 2));
            header.width = std::max(header.width, big(bytes, at + 5, 2));
        }
        if (marker == 0xDA && ++scans > kMaxScans)
            return base::sourceFailed("a JPEG of more than " + std::to_string(kMaxScans) + " scans");
        at += length;
    }
    if (scans == 0) return cut("JPEG");
    return header;
}

/// PNG §5: signature, then chunks up to IEND.
Result<PictureHeader> png(Bytes bytes) {
    if (bytes.size() < 33 || !holds(bytes, 12, "IHDR")) return cut("PNG");
    for (std::size_t at = 8; bytes.size() >= at + 12;) {
        if (holds(bytes, at + 4, "IEND")) return PictureHeader{PictureKind::Png, big(bytes, 16, 4), big(bytes, 20, 4)};
        const auto length = static_cast<std::size_t>(big(bytes, at, 4));
        if (length > bytes.size() - at - 12) break;
        at += length + 12;
    }
    return cut("PNG");
}

/// WebP container specification: RIFF with VP8, VP8L, or VP8X and more.
Result<PictureHeader> webp(Bytes bytes) {
    if (bytes.size() < 30 || static_cast<std::size_t>(little(bytes, 4, 4)) > bytes.size() - 8) return cut("WebP picture");
    if (holds(bytes, 12, "VP8X")) {
        constexpr int kAnimation = 0x02;
        if (bytes[20] & kAnimation) return base::sourceFailed("an animated WebP: must be a still picture");
        return PictureHeader{PictureKind::WebP, little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1};
    }
    if (holds(bytes, 12, "VP8L")) {
        const auto packed = little(bytes, 21, 4);
        return PictureHeader{PictureKind::WebP, (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1};
    }
    if (holds(bytes, 12, "VP8 "))
        return PictureHeader{PictureKind::WebP, little(bytes, 26, 2) & 0x3FFF, little(bytes, 28, 2) & 0x3FFF};
    return cut("WebP picture");
}

Result<PictureHeader> gif(Bytes bytes) {
    if (bytes.size() < 13) return cut("GIF");
    return PictureHeader{PictureKind::Gif, little(bytes, 6, 2), little(bytes, 8, 2)};
}

Result<PictureHeader> bmp(Bytes bytes) {
    if (bytes.size() < 26) return cut("BMP");
    if (little(bytes, 14, 4) == 12) return PictureHeader{PictureKind::Bmp, little(bytes, 18, 2), little(bytes, 20, 2)};
    const auto height = static_cast<std::int32_t>(little(bytes, 22, 4));  // negative: from the top down
    return PictureHeader{PictureKind::Bmp, little(bytes, 18, 4), std::abs(std::int64_t{height})};
}

}  // namespace

Result<PictureHeader> readPictureHeader(Bytes bytes) {
    using namespace std::string_view_literals;
    if (bytes.empty()) return base::sourceFailed("an empty file: must be a JPEG, PNG or WebP picture");
    if (holds(bytes, 0, "\xFF\xD8\xFF"sv)) return jpeg(bytes);
    if (holds(bytes, 0, "\x89PNG\r\n\x1A\n"sv)) return png(bytes);
    if (holds(bytes, 0, "RIFF") && holds(bytes, 8, "WEBP")) return webp(bytes);
    if (holds(bytes, 0, "GIF87a") || holds(bytes, 0, "GIF89a")) return gif(bytes);
    if (holds(bytes, 0, "BM") && bytes.size() >= 18 && little(bytes, 14, 4) <= 124) return bmp(bytes);
    return base::sourceFailed("not a picture: must be a JPEG, PNG or WebP");
}

}  // namespace livepusher::capture
