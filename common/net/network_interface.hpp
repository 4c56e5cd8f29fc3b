// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

namespace livepusher::rtmp {

/// What CURLOPT_INTERFACE takes for an interface's name or one of its addresses: told apart here, for libcurl would
/// look an unknown name up as a host's. Error, permanent: TcpFailed, this machine has neither.
Result<std::string> interfaceOption(const std::string& nameOrAddress);

}  // namespace livepusher::rtmp
