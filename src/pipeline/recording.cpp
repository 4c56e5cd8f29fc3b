// SPDX-License-Identifier: MIT
#include "pipeline/recording.hpp"

#include <utility>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

/// Media that waits for the disk; what is older is left out, up to the next key frame.
constexpr Timestamp kKept = 30s;
/// Leaving out that goes on is not told again.
constexpr auto kEpisode = 10s;

}  // namespace

Recording::Recording(std::string path, std::unique_ptr<rtmp::Publisher> file, rtmp::PublisherSettings settings,
                     TargetEvents events, KeyFrameSource& pictures)
    : path_(std::move(path)),
      settings_(std::move(settings)),
      events_(std::move(events)),
      pictures_(pictures),
      queue_(kKept),
      file_(std::move(file)) {
    settings_.file.told = [events = events_](Code code, std::string what) { events.code(code, std::move(what)); };
}

void Recording::begin() {
    if (begun_.exchange(true)) return;
    leftOutBefore_ = leftOut();
    uplink_ = std::make_unique<Uplink>(std::move(file_), base::Url::file(path_), std::move(settings_), queue_, *this);
}

void Recording::lost(Error why) {
    if (!failed_.exchange(true)) events_.error(why);
}

void Recording::deliver(Packet packet) {
    if (failed_) return;
    const bool leftOut = queue_.push(std::move(packet));
    if (!leftOut || !begun_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - leftOutAt_.exchange(now) > kEpisode)
        events_.code(Code::FileStalled, path_ + ": the disk is too slow; what has waited for 30 s is left out of the recording");
}

void Recording::finish(std::chrono::milliseconds atMost) {
    queue_.finish();
    if (!uplink_) return;
    const auto missing = leftOut() - leftOutBefore_;
    uplink_->drain(atMost);
    if (const auto error = uplink_->end()) return lost(*error);
    if (missing > 0)
        events_.code(Code::FileStalled, path_ + ": is complete but for " + std::to_string(missing) +
                                            " pictures and blocks of sound, for which its disk was too slow");
}

std::uint64_t Recording::leftOut() const {
    const auto counts = queue_.counts();
    return counts.droppedVideo + counts.droppedAudio;
}

}  // namespace livepusher::pipeline
