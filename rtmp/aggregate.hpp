// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <functional>
#include <optional>

#include "rtmp/chunk_reader.hpp"

namespace livepusher::rtmp {

/// Gives `sink` the messages that an aggregate message is made of (RTMP 1.0 §7.1.6): tags as in FLV, on the time of the whole.
/// Its first error ends the call. Errors: the sink's; TransferFailed, the body is cut off or in
/// more than 4096 parts.
std::optional<Error> splitAggregate(const InboundMessage& aggregate,
                                    const std::function<std::optional<Error>(const InboundMessage&)>& sink);

}  // namespace livepusher::rtmp
