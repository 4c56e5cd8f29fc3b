// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

namespace program {

/// A file that is there whole or not at all: written under a hidden name beside its own, which it gets at the end. What is
/// not finished is removed, also by a second Ctrl-C. One at a time in a process.
class PartialFile {
public:
    PartialFile() = default;
    ~PartialFile();
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    /// `overwrite`: what is there already; else the next free name is taken. Errors: FileFailed, when `path` can't be made or
    /// replaced.
    livepusher::Result<void> open(const std::string& path, bool overwrite);
    const std::string& path() const { return partial_; }  ///< to write to
    livepusher::Result<std::string> finish();             ///< the name that it has got. Errors: FileFailed

private:
    livepusher::Result<bool> moveTo(const std::string& name, bool first) const;

    std::string path_, final_, partial_;
    bool overwrite_ = false;
};

/// Ctrl-C, SIGTERM and SIGHUP: the first is told by interrupted(), the second ends the program at once.
void watchForInterrupts();
bool interrupted();

}  // namespace program
