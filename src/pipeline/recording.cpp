// SPDX-License-Identifier: MIT
#include "pipeline/recording.hpp"

#include <utility>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

/// Media that waits for the disk; what is older is left out, up to the next key frame.
constexpr Timestamp kKept = 4s;
/// Leaving out that goes on is not told again.
constexpr auto kEpisode = 10s;

}  // namespace

Recording::Recording(std::string path, std::unique_ptr<rtmp::Publisher> file, rtmp::PublisherSettings settings, Output output)
    : path_(std::move(path)), settings_(std::move(settings)), output_(std::move(output)), queue_(kKept), file_(std::move(file)) {}

void Recording::begin() {
    if (begun_.exchange(true)) return;
    uplink_ = std::make_unique<Uplink>(std::move(file_), base::Url::file(path_), std::move(settings_), queue_,
                                       Uplink::Output{.onTransport = [] {},
                                                      .onConnected = [] {},
                                                      .wantKey = output_.wantKey,
                                                      .onLost = [this](const Error& error) { fail(error); }});
}

void Recording::fail(const Error& error) {
    if (!failed_.exchange(true)) output_.onFailed(error);
}

void Recording::deliver(Packet packet) {
    if (failed_) return;
    const bool leftOut = queue_.push(std::move(packet));
    if (!leftOut || !begun_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - leftOutAt_.exchange(now) > kEpisode)
        output_.onFile(Code::FileStalled, path_ + ": the disk is too slow; what has waited for 4 s is left out of the recording");
}

void Recording::finish(std::chrono::milliseconds atMost) {
    queue_.finish();
    if (!uplink_) return;
    uplink_->drain(atMost);
    if (const auto error = uplink_->end()) fail(*error);
}

}  // namespace livepusher::pipeline
