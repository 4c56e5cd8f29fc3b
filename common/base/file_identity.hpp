// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

struct stat;

namespace livepusher::base {

/// Which file a path leads to, however it is written: through links, hard links, "..".
struct FileIdentity {
    dev_t device{};
    ino_t inode{};

    /// Empty: nothing is there, or a device that anybody may write to while it is read (/dev/null, a terminal). Asks the
    /// disk, and may wait for it for ever.
    static std::optional<FileIdentity> of(const std::string& path);
    static std::optional<FileIdentity> of(const struct stat& there);
    bool operator==(const FileIdentity&) const = default;
};

}  // namespace livepusher::base
