// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <sys/uio.h>

#include <cstddef>
#include <functional>
#include <string>

#include "base/event_fd.hpp"

namespace livepusher::capture {

/// Reads a file, a FIFO or stdin ("-") in a way that another thread can break off. One thread reads.
class FdReader {
public:
    FdReader() = default;
    FdReader(const FdReader&) = delete;
    FdReader& operator=(const FdReader&) = delete;

    /// Errors: SourceFailed, in one line with the path. A FIFO nobody writes to yet is no error and no wait.
    Result<void> open(const std::string& path);
    bool isOpen() const { return fd_ >= 0; }
    bool regularFile() const { return regular_; }

    enum class Status { Data, Ended, Cancelled, Failed };
    struct Outcome {
        Status status = Status::Failed;
        std::size_t bytes = 0;
        int error = 0;  ///< errno
    };
    /// Waits until there is something and reads what fits; `waiting`, where given, is called for each second of it. [capture]
    Outcome read(const iovec* parts, int count, const std::function<void()>& waiting = {});

    /// Back to the beginning of a regular file.
    Result<void> rewind();
    /// False when cancelled before `moment`. [capture]
    bool sleepUntil(Timestamp moment);

    /// Lets a read() that waits and all further ones return Cancelled, until clearCancel(). [any-thread]
    void cancel() { wake_.signal(); }
    /// [control]
    void clearCancel() { wake_.drain(); }

private:
    base::Descriptor file_;  ///< none: stdin, which stays open
    int fd_ = -1;
    base::EventFd wake_;
    bool regular_ = false;
};

}  // namespace livepusher::capture
