// SPDX-License-Identifier: MIT
#include "media/orientation_sei.hpp"

#include "media/bit_reader.hpp"

namespace livepusher::capture {
namespace {

constexpr std::uint32_t kDisplayOrientation = 47;  // payloadType, in both standards

bool isSei(VideoCodec codec, base::Nal nal) {
    if (codec == VideoCodec::hevc) return nal.size() > 2 && base::HevcNal::type(nal) == base::HevcNal::kPrefixSei;
    return codec == VideoCodec::h264 && nal.size() > 1 && base::AvcNal::type(nal) == base::AvcNal::kSei;
}

/// payloadType or payloadSize: bytes of 255 and a last one, added up.
std::uint32_t number(base::BitReader& in) {
    std::uint32_t sum = 0;
    for (std::uint32_t byte = 255; byte == 255 && !in.overrun();) {
        byte = in.bits(8);
        sum += byte;
    }
    return sum;
}

base::Orientation readMessage(base::BitReader& in) {
    if (in.flag()) return {};  // cancelled
    const bool horizontal = in.flag(), vertical = in.flag();
    // First the flips, then a turn to the left, of 2^16 to the circle.
    const int turn = static_cast<int>((in.bits(16) + 0x2000U) >> 14U & 3U) * 90;
    return {base::rotationOf((vertical ? 180 : 0) - turn), horizontal != vertical};
}

}  // namespace

std::optional<base::Orientation> readOrientationSei(VideoCodec codec, base::Nal nal) {
    if (!isSei(codec, nal)) return std::nullopt;
    base::BitReader in(nal.subspan(codec == VideoCodec::hevc ? 2 : 1));
    std::optional<base::Orientation> found;
    // The payload's last byte holds the stop bit; a type of 0 behind the end is none of ours.
    while (!in.overrun()) {
        const auto type = number(in), size = number(in);
        if (in.overrun() || size > nal.size()) break;
        if (type == kDisplayOrientation) {
            const auto told = readMessage(in);
            if (!in.overrun()) found = told;
            break;
        }
        in.skip(static_cast<int>(size) * 8);
    }
    return found;
}

}  // namespace livepusher::capture
