// SPDX-License-Identifier: MIT
#include "base/file_identity.hpp"

#include <sys/stat.h>

namespace livepusher::base {

std::optional<FileIdentity> FileIdentity::of(const std::string& path) {
    struct stat there {};
    if (stat(path.c_str(), &there) != 0) return std::nullopt;
    return of(there);
}

std::optional<FileIdentity> FileIdentity::of(const struct stat& there) {
    if (S_ISCHR(there.st_mode)) return std::nullopt;
    return FileIdentity{there.st_dev, there.st_ino};
}

}  // namespace livepusher::base
