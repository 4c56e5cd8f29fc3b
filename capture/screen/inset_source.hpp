// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "capture/source.hpp"

namespace livepusher::capture {

/// The small picture's source, kept running on a thread of its own, which may wait where the large picture's must not.
class InsetSource final : VideoSource::Sink {
public:
    explicit InsetSource(std::unique_ptr<VideoSource> source) : source_(std::move(source)) {}
    ~InsetSource() { stop(); }

    /// `observer` hears by codes what happens to it, on any thread. [video]
    void start(const WantedVideo& wanted, SourceObserver& observer);
    void stop();                             ///< [video]
    void interrupt();                        ///< [any-thread]
    void follow(const VideoWishes& wishes);  ///< [video]
    void request(CameraRequest request) { source_->request(std::move(request)); }

    /// The newest frame, if it is no older than 5 s at that moment. [any-thread]
    VideoFrame newest(Timestamp moment) const;

private:
    void run();
    void frame(VideoFrame frame) override;
    void code(Code code, std::string what) override { observer_->code(code, std::move(what)); }
    void failed(Error why) override;
    void ended() override;
    /// Follows what is wished until the source fails (true) or the thread is to end.
    bool attend();
    bool pause(std::chrono::milliseconds length);

    const std::unique_ptr<VideoSource> source_;
    SourceObserver* observer_ = nullptr;  // between start() and stop()
    mutable std::mutex mutex_;            ///< of what follows
    std::condition_variable changed_;
    WantedVideo wanted_{};
    std::optional<VideoWishes> wishes_;  ///< that the source has not heard of yet
    VideoFrame newest_;
    bool quit_ = false, failed_ = false;
    std::thread thread_;
};

}  // namespace livepusher::capture
