// SPDX-License-Identifier: MIT
#pragma once

#include "base/abandonable_thread.hpp"
#include "endpoint/publisher.hpp"
#include "file/container.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace livepusher::file {

struct FileWork;

/// Writes a file on a thread of its own, so that a disk that hangs holds nobody else. One that the disk doesn't let
/// go is left behind with all that it needs, and completes the file if the disk ever answers. Belongs to the uplink
/// thread, but for what is tagged otherwise.
class FileWriter {
public:
    using Milliseconds = std::chrono::milliseconds;

    FileWriter();
    ~FileWriter();
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;

    /// Looks whether the file can be written; nothing is made before put(). A disk that does not answer in `patience` is
    /// asked again then. `before`: writes the file that this one goes on from, and has
    /// its name first. Errors: FileFailed, InvalidArgument, Cancelled.
    Result<void> start(std::string path, rtmp::FileSettings settings, Milliseconds patience, const FileWriter* before = nullptr);
    bool started() const { return thread_.started(); }

    /// Hands over what makes the file longer, if anything; waits while much is under way, or the disk gives no answer. What is
    /// written only in part in the end is cut off. Errors: FileFailed and InvalidArgument, also of what was handed over before;
    /// Cancelled.
    Result<void> put(FileBytes more);

    void end();         ///< no more comes: the file is completed meanwhile
    bool done() const;  ///< it is closed, or there is none

    /// Completes and closes the file; waits so long for that at most. Errors: as of put(); FileFailed, it is left behind.
    Result<void> finish(Milliseconds patience);

    void cancel();                        ///< ends put(), and soon finish(). Sticky. [any-thread]
    std::optional<Error> failed() const;  ///< [any-thread]
    std::uint64_t written() const;        ///< bytes that the system has taken. [any-thread]

private:
    void tell(std::unique_lock<std::mutex>& lock);

    const std::shared_ptr<FileWork> work_;
    std::string path_;
    int part_ = 1;
    std::function<void(Code, std::string)> told_;
    std::optional<std::chrono::steady_clock::time_point> stalledSince_;
    base::AbandonableThread thread_;
};

}  // namespace livepusher::file
