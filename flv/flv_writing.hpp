// SPDX-License-Identifier: MIT
#pragma once

#include "flv/flv_writer.hpp"
#include "flv/output_file.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace livepusher::rtmp {

/// What an FlvWriter and its thread have in common, held by both.
struct FlvWork {
    using Clock = std::chrono::steady_clock;
    struct Tags {
        std::vector<std::uint8_t> bytes;
        FlvSummary after;
    };

    std::atomic<bool> stopped{false};
    std::atomic<std::uint64_t> written{0};

    std::mutex mutex;  ///< guards what follows
    std::condition_variable changed;
    std::deque<Tags> waiting;
    std::size_t bytesWaiting = 0;  ///< with what is being written
    bool ended = false;            ///< no more tags come
    bool looked = false;           ///< `error` tells whether the file can be written
    bool done = false;             ///< the file is closed, or there is none
    std::optional<Error> error;
    std::string name;                             ///< that the file has got, until it is told
    std::optional<Clock::time_point> waitsSince;  ///< for one answer of the disk, or a pipe's reader
    std::string waitsFor;                         ///< in words
};

/// What the writing thread does. Refers to nothing that may be gone while a disk holds it.
class FlvWriting {
public:
    FlvWriting(std::shared_ptr<FlvWork> work, std::string path, FileSettings settings);
    void run();

private:
    Result<void> open();
    Result<void> openOnce();
    Result<void> writeAll();
    Result<void> complete();
    std::optional<FlvWork::Tags> next();
    template <typename Call>
    Result<void> ask(const char* what, Call call);
    void fail(const Error& error);

    const std::shared_ptr<FlvWork> work_;
    OutputFile file_;
    bool open_ = false;
    FlvSummary summary_;       // of the whole tags that are written
    std::uint64_t whole_ = 0;  // bytes of these
};

}  // namespace livepusher::rtmp
