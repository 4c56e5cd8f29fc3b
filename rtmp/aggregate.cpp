// SPDX-License-Identifier: MIT
#include "rtmp/aggregate.hpp"

#include <algorithm>

#include "base/big_endian.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kHead = 11;
constexpr std::size_t kBackPointer = 4;
constexpr int kMostParts = 4096;  // of some bytes each they would become as many packets

}  // namespace

std::optional<Error> splitAggregate(const InboundMessage& aggregate,
                                    const std::function<std::optional<Error>(const InboundMessage&)>& sink) {
    std::optional<std::uint32_t> first;
    int parts = 0;
    for (auto rest = aggregate.body; !rest.empty();) {
        const auto size = rest.size() < kHead ? 0 : static_cast<std::size_t>(base::readBig(rest.subspan(1, 3)));
        if (rest.size() < kHead || rest.size() - kHead < size)
            return Error{Code::TransferFailed, "the server sent malformed RTMP: an aggregate message that is cut off"};
        if (++parts > kMostParts)
            return Error{Code::TransferFailed, "the server sent malformed RTMP: an aggregate of more than 4096 messages"};
        const auto time = static_cast<std::uint32_t>(base::readBig(rest.subspan(4, 3)) | std::uint64_t{rest[7]} << 24U);
        if (!first) first = time;
        const auto type = static_cast<MessageType>(rest[0]);
        const InboundMessage part{type, aggregate.streamId, aggregate.timestamp + (time - *first), rest.subspan(kHead, size)};
        if (type != MessageType::Aggregate)
            if (auto error = sink(part)) return error;
        rest = rest.subspan(kHead + size);
        rest = rest.subspan(std::min(kBackPointer, rest.size()));  // not every server gives the last its own
    }
    return std::nullopt;
}

}  // namespace livepusher::rtmp
