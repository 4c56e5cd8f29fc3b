// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace livepusher::base {

/// All bytes of a regular file; pipes, devices and sockets, whose opening or end may never come, are refused. Errors:
/// SourceFailed with errno as `native`, in words that don't repeat the path. A file system that hangs holds it up.
/// [any-thread]
Result<std::vector<std::uint8_t>> readFile(const std::string& path, std::size_t maxBytes);

/// Of such a file the first bytes, `most` of them where it has so many.
Result<std::string> readBeginning(const std::string& path, std::size_t most);

/// The first on a thread that a disk which doesn't answer `within` that time keeps. Errors: SourceFailed of ETIMEDOUT then;
/// InternalFailure where there is no thread. [any-thread]
Result<std::vector<std::uint8_t>> readFileWithin(const std::string& path, std::size_t maxBytes, std::chrono::milliseconds within);

/// The certificates of `caFile`, a path or file:// URL, to be trusted. Errors: HandshakeFailed with its name, permanent
/// but where its disk does not answer for a second. [any-thread]
Result<std::vector<std::uint8_t>> readCertificates(const std::string& caFile);

}  // namespace livepusher::base
