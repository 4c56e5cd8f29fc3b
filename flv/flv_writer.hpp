// SPDX-License-Identifier: MIT
#pragma once

#include "base/abandonable_thread.hpp"
#include "endpoint/publisher.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// What an FLV file's beginning says of all of it; filled in at its end.
struct FlvSummary {
    std::uint8_t tracks = 0;          ///< the header's flags
    std::uint64_t lastTimestamp = 0;  ///< ms
    std::uint64_t metadataAt = 0;     ///< where the first onMetaData's body begins; 0: there is none
};

struct FlvWork;

/// Writes an FLV file on a thread of its own, so that a disk that hangs holds nobody else. One that the disk doesn't let
/// go is left behind with all that it needs, and completes the file if the disk ever answers. Belongs to the uplink
/// thread, but for what is tagged otherwise.
class FlvWriter {
public:
    using Milliseconds = std::chrono::milliseconds;

    FlvWriter();
    ~FlvWriter();
    FlvWriter(const FlvWriter&) = delete;
    FlvWriter& operator=(const FlvWriter&) = delete;

    /// Looks whether the file can be written; nothing is made before put(). A disk that does not answer in `patience` is
    /// asked again then. Errors: FileFailed, InvalidArgument, Cancelled.
    Result<void> start(std::string path, FileSettings settings, Milliseconds patience);
    bool started() const { return thread_.started(); }

    /// Hands over whole tags, after which `after` holds. Waits while much is under way, or the disk gives no answer.
    /// Errors: FileFailed and InvalidArgument, also of what was handed over before; Cancelled.
    Result<void> put(std::vector<std::uint8_t> tags, const FlvSummary& after);

    /// Completes and closes the file; waits so long for that at most. Errors: as of put(); FileFailed, it is left behind.
    Result<void> finish(Milliseconds patience);

    void cancel();                        ///< ends put(), and soon finish(). Sticky. [any-thread]
    std::optional<Error> failed() const;  ///< [any-thread]
    std::uint64_t written() const;        ///< bytes that the system has taken. [any-thread]

private:
    void tell(std::unique_lock<std::mutex>& lock);

    const std::shared_ptr<FlvWork> work_;
    std::string path_;
    std::function<void(Code, std::string)> told_;
    std::optional<std::chrono::steady_clock::time_point> stalledSince_;
    base::AbandonableThread thread_;
};

}  // namespace livepusher::rtmp
