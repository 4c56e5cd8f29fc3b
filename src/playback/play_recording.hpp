// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "base/event_fd.hpp"
#include "endpoint/publisher.hpp"
#include "media/packet.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace livepusher::playback {

/// Hears of a recording, on its thread.
class PlayRecordingObserver {
public:
    virtual void recordingCode(Code code, std::string message) = 0;  ///< FileBegan, FileStalled
    virtual void recordingFailed(Error why) = 0;                     ///< the file is over; at most once

protected:
    ~PlayRecordingObserver() = default;
};

/// Writes what is received, as it came, to a file, on a thread of its own: what the disk has no time for is left out, up to the
/// next key frame, and told. The file begins with what came first.
class PlayRecording final : rtmp::PublisherObserver {
public:
    static constexpr std::size_t kBytes = 32 << 20;  ///< that wait for the disk

    /// `inputs`: the paths of what is read meanwhile, which are never written over.
    PlayRecording(std::unique_ptr<rtmp::Publisher> file, std::string path, std::vector<std::string> inputs,
                  PlayRecordingObserver& observer);
    /// Writes what waits, for a second at most, and closes the file.
    ~PlayRecording();
    PlayRecording(const PlayRecording&) = delete;
    PlayRecording& operator=(const PlayRecording&) = delete;

    void write(const Packet& packet);  ///< never waits. [any-thread]

private:
    void run();
    Result<void> serve();
    std::optional<Packet> next();

    const std::unique_ptr<rtmp::Publisher> file_;
    const std::string path_;
    const std::vector<std::string> inputs_;
    PlayRecordingObserver& observer_;
    const base::EventFd wake_;
    std::mutex mutex_;
    std::deque<Packet> waiting_;
    std::size_t bytes_ = 0;
    std::uint64_t leftOut_ = 0;
    bool waitsForKey_ = false, ending_ = false;
    std::optional<Packet::Track> pictures_;  ///< there are some
    std::atomic<bool> over_{false};
    std::promise<void> done_;
    const std::future<void> isDone_ = done_.get_future();
    std::thread thread_;  // last
};

}  // namespace livepusher::playback
