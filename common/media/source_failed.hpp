// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <utility>

namespace livepusher::base {

/// SourceFailed: a file, a server or a device doesn't give what it should; `what` says so, `native` is the system's number.
inline Error sourceFailed(std::string what, int native = 0) { return {Code::SourceFailed, std::move(what), native}; }

}  // namespace livepusher::base
