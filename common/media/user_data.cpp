// SPDX-License-Identifier: MIT
#include "media/user_data.hpp"

#include "media/nal.hpp"

#include <cstddef>

namespace livepusher::base {

namespace {

/// Three bytes that would look like a start code get one between them (H.264 §7.4.1).
void appendEscaped(std::vector<std::uint8_t>& to, std::span<const std::uint8_t> payload) {
    int zeros = 0;
    for (const auto byte : payload) {
        if (zeros == 2 && byte <= 3) {
            to.push_back(3);
            zeros = 0;
        }
        to.push_back(byte);
        zeros = byte == 0 ? zeros + 1 : 0;
    }
}

}  // namespace

std::vector<std::uint8_t> userDataUnit(std::span<const std::uint8_t, 16> uuid, std::span<const std::uint8_t> bytes,
                                       VideoCodec codec) {
    std::vector<std::uint8_t> payload{kUserDataUnregistered};
    std::size_t size = uuid.size() + bytes.size();
    for (; size >= 0xff; size -= 0xff) payload.push_back(0xff);
    payload.push_back(static_cast<std::uint8_t>(size));
    payload.insert(payload.end(), uuid.begin(), uuid.end());
    payload.insert(payload.end(), bytes.begin(), bytes.end());
    payload.push_back(0x80);  // the bits that end it
    std::vector<std::uint8_t> unit{AvcNal::kSei};
    if (codec == VideoCodec::hevc) unit = {HevcNal::kPrefixSei << 1, 1};
    appendEscaped(unit, payload);
    return unit;
}

}  // namespace livepusher::base
