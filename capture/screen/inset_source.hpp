// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "capture/source.hpp"

namespace livepusher::capture {

/// The small picture's source, kept running on a thread of its own, which may wait where the large picture's must not.
class InsetSource {
public:
    explicit InsetSource(std::unique_ptr<VideoSource> source) : source_(std::move(source)) {}
    ~InsetSource() { stop(); }

    /// `onCode` hears of what happens to it, on any thread. [video]
    void start(const WantedVideo& wanted, std::function<void(Code, std::string)> onCode);
    void stop();                             ///< [video]
    void interrupt();                        ///< [any-thread]
    void follow(const VideoWishes& wishes);  ///< [video]
    void request(CameraRequest request) { source_->request(std::move(request)); }

    /// The newest frame, if it is no older than 5 s at that moment. [any-thread]
    VideoFrame newest(Timestamp moment) const;

private:
    void run();
    VideoSource::Sink sink();
    void failed();
    /// Follows what is wished until the source fails (true) or the thread is to end.
    bool attend();
    bool pause(std::chrono::milliseconds length);

    const std::unique_ptr<VideoSource> source_;
    std::function<void(Code, std::string)> onCode_;
    mutable std::mutex mutex_;  ///< of what follows
    std::condition_variable changed_;
    WantedVideo wanted_{};
    std::optional<VideoWishes> wishes_;  ///< that the source has not heard of yet
    VideoFrame newest_;
    bool quit_ = false, failed_ = false;
    std::thread thread_;
};

}  // namespace livepusher::capture
