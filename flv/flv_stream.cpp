// SPDX-License-Identifier: MIT
#include "flv/flv_stream.hpp"

#include "base/big_endian.hpp"

#include <string>

namespace livepusher::rtmp {

using base::appendBig;

std::array<std::uint8_t, 13> flvHeader(std::uint8_t flags) { return {'F', 'L', 'V', 1, flags, 0, 0, 0, 9, 0, 0, 0, 0}; }

Result<void> writeFlvTag(const FlvTag& tag, std::vector<std::uint8_t>& out) {
    const std::size_t bodySize = tag.headSize + tag.data.size();
    if (bodySize > 0xFFFFFF)
        return Error{Code::TransferFailed, "a packet of " + std::to_string(bodySize) + " bytes: FLV takes less than 16 MiB"};
    out.clear();
    out.push_back(static_cast<std::uint8_t>(tag.type));
    appendBig<3>(out, bodySize);
    appendBig<3>(out, tag.timestamp);
    out.push_back(static_cast<std::uint8_t>(tag.timestamp >> 24));
    appendBig<3>(out, 0);  // stream id
    const auto head = tag.head();
    out.insert(out.end(), head.begin(), head.end());
    out.insert(out.end(), tag.data.begin(), tag.data.end());
    appendBig<4>(out, out.size());
    return {};
}

}  // namespace livepusher::rtmp
