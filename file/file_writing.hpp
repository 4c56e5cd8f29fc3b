// SPDX-License-Identifier: MIT
#pragma once

#include "file/file_writer.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace livepusher::file {

/// What a FileWriter and its thread have in common, held by both.
struct FileWork {
    using Clock = std::chrono::steady_clock;

    std::atomic<bool> stopped{false};
    std::atomic<std::uint64_t> written{0};

    std::mutex mutex;  ///< guards what follows
    std::condition_variable changed;
    std::deque<FileBytes> waiting;
    std::size_t bytesWaiting = 0;  ///< with what is being written
    bool ended = false;            ///< no more comes
    bool looked = false;           ///< `error` tells whether the file can be written
    bool opened = false;           ///< it has its name
    bool done = false;             ///< the file is closed, or there is none
    std::optional<Error> error;
    std::string name;                             ///< that the file has got, until it is told
    std::optional<Clock::time_point> waitsSince;  ///< for one answer of the disk, or a pipe's reader
    std::string waitsFor;                         ///< in words

    /// Changes something of it, and wakes who waits for that.
    template <typename Change>
    void change(Change make) {
        {
            std::lock_guard lock(mutex);
            make();
        }
        changed.notify_all();
    }
};

/// What the writing thread does, until the file is closed. Refers to nothing that may be gone while a disk holds it. The file is
/// made after that of `before`, if any.
void writeFile(std::shared_ptr<FileWork> work, std::string path, rtmp::FileSettings settings, std::shared_ptr<FileWork> before);

}  // namespace livepusher::file
