// SPDX-License-Identifier: MIT
#include "av/exif.hpp"

#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>

namespace livepusher::capture {
namespace {

using namespace std::string_view_literals;
using Bytes = std::span<const std::uint8_t>;

constexpr int kUpright = 1;
constexpr auto kExifHead = "Exif\0\0"sv;

bool has(Bytes bytes, std::size_t at, std::string_view text) {
    return at <= bytes.size() && bytes.size() - at >= text.size() &&
           std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

/// Numbers of either byte order; 0 beyond the end.
struct Reader {
    Bytes bytes;
    bool bigEndian;

    std::uint32_t number(std::size_t at, std::size_t size) const {
        if (at > bytes.size() || bytes.size() - at < size) return 0;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) value = value << 8U | bytes[at + (bigEndian ? i : size - 1 - i)];
        return value;
    }
};

/// ISO/IEC 10918-1 annex B: the segments before the first scan.
std::optional<Bytes> inJpeg(Bytes file) {
    const Reader in{file, true};
    for (std::size_t at = 2; at + 4 <= file.size() && file[at] == 0xFF;) {
        const auto marker = file[at + 1];
        if (marker == 0xFF) {  // fill
            ++at;
            continue;
        }
        if (marker == 0xDA || marker == 0xD9) break;
        const std::size_t length = in.number(at + 2, 2);
        if (length < 2 || length > file.size() - at - 2) break;
        const auto segment = file.subspan(at + 4, length - 2);
        if (marker == 0xE1 && has(segment, 0, kExifHead)) return segment;
        at += 2 + length;
    }
    return std::nullopt;
}

/// PNG §5.3: chunks, among them at most one eXIf, before or behind the picture.
std::optional<Bytes> inPng(Bytes file) {
    const Reader in{file, true};
    for (std::size_t at = 8; at + 12 <= file.size();) {
        const std::size_t length = in.number(at, 4);
        if (length > file.size() - at - 12 || has(file, at + 4, "IEND")) break;
        if (has(file, at + 4, "eXIf")) return file.subspan(at + 8, length);
        at += length + 12;
    }
    return std::nullopt;
}

/// WebP container specification: RIFF chunks, padded to even sizes, EXIF behind the picture.
std::optional<Bytes> inWebp(Bytes file) {
    const Reader in{file, false};
    for (std::size_t at = 12; at + 8 <= file.size();) {
        const std::size_t length = in.number(at + 4, 4);
        if (length > file.size() - at - 8) break;
        if (has(file, at, "EXIF")) return file.subspan(at + 8, length);
        at += 8 + length + length % 2;
    }
    return std::nullopt;
}

std::optional<Bytes> exifOf(Bytes file) {
    if (has(file, 0, "\xFF\xD8\xFF"sv)) return inJpeg(file);
    if (has(file, 0, "\x89PNG\r\n\x1A\n"sv)) return inPng(file);
    if (has(file, 0, "RIFF") && has(file, 8, "WEBP")) return inWebp(file);
    return std::nullopt;
}

}  // namespace

base::Orientation exifOrientation(int number) {
    switch (number) {
        case 2: return {Rotation::None, true};
        case 3: return {Rotation::Cw180, false};
        case 4: return {Rotation::Cw180, true};
        case 5: return {Rotation::Cw270, true};
        case 6: return {Rotation::Cw90, false};
        case 7: return {Rotation::Cw90, true};
        case 8: return {Rotation::Cw270, false};
        default: return {};
    }
}

int readExif(Bytes block) {
    if (has(block, 0, kExifHead)) block = block.subspan(kExifHead.size());
    const bool big = has(block, 0, "MM\0*"sv);
    if (!big && !has(block, 0, "II*\0"sv)) return kUpright;
    const Reader in{block, big};
    // TIFF 6.0 §2: the first directory's entries, each a tag, a type, a count and a value or where it stands.
    constexpr std::uint32_t kOrientation = 0x0112, kShort = 3;
    const std::size_t directory = in.number(4, 4), entries = in.number(directory, 2);
    for (std::size_t i = 0; i < entries; ++i) {
        const auto at = directory + 2 + 12 * i;
        if (at + 12 > block.size()) break;
        if (in.number(at, 2) != kOrientation) continue;
        const auto value = in.number(at + 2, 2) == kShort ? in.number(at + 8, 2) : 0;
        return value >= 1 && value <= 8 ? static_cast<int>(value) : kUpright;
    }
    return kUpright;
}

int readPictureExif(Bytes file) {
    const auto block = exifOf(file);
    return block ? readExif(*block) : kUpright;
}

}  // namespace livepusher::capture
