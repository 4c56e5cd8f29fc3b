// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "media/packet.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace livepusher::file {

/// Bytes in place of those that a file has there.
struct FilePatch {
    std::uint64_t at = 0;
    std::vector<std::uint8_t> bytes;
};

/// What follows in a file from some packets.
struct FileBytes {
    std::vector<std::uint8_t> bytes;  ///< behind all before
    /// What is changed in a file that ends behind these bytes, in place of what was told with others before.
    std::vector<FilePatch> patches;
};

/// How packets become a file that plays whenever it ends. Belongs to one thread.
class Container {
public:
    virtual ~Container() = default;

    /// Whether the file can go on after this Config; else it takes another file.
    virtual bool takes(const Packet& config) const = 0;
    /// Adds what follows from one packet, nothing before the first media. Errors: FileFailed, InvalidArgument; without the path.
    virtual Result<void> write(const Packet& packet, FileBytes& out) = 0;
    /// Adds what an orderly end has, once. Errors: FileFailed.
    virtual Result<void> finish(FileBytes& out) = 0;
};

using MakeContainer = std::function<std::unique_ptr<Container>()>;

}  // namespace livepusher::file
