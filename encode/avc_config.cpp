// SPDX-License-Identifier: MIT
#include "encode/avc_config.hpp"

#include <cassert>

namespace livepusher::encode {

namespace {

void append(std::vector<std::uint8_t>& to, std::span<const std::uint8_t> nal) {
    to.push_back(static_cast<std::uint8_t>(nal.size() >> 8));
    to.push_back(static_cast<std::uint8_t>(nal.size() & 0xff));
    to.insert(to.end(), nal.begin(), nal.end());
}

}  // namespace

std::vector<std::uint8_t> makeAvcConfig(std::span<const std::uint8_t> sps, std::span<const std::uint8_t> pps) {
    assert(sps.size() >= 4 && sps.size() < 65536 && !pps.empty() && pps.size() < 65536);
    constexpr std::uint8_t kHighProfile = 100;
    const std::uint8_t profile = sps[1];
    std::vector<std::uint8_t> record{1,    profile, sps[2], sps[3],
                                     0xff,   // reserved bits, NAL lengths of 4 bytes
                                     0xe1};  // reserved bits, one SPS
    append(record, sps);
    record.push_back(1);
    append(record, pps);
    if (profile >= kHighProfile) record.insert(record.end(), {0xfd, 0xf8, 0xf8, 0});  // 4:2:0, 8 bit, no SPS extension
    return record;
}

}  // namespace livepusher::encode
