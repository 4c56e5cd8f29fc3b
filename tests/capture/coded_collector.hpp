// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "capture/source.hpp"

namespace livepusher::capture {

/// Keeps what a coded source delivers and lets a test wait for it.
class CodedCollector {
public:
    CodedVideoSource::Sink sink() {
        CodedVideoSource::Sink sink;
        sink.onEnded = [this] { change([&] { ++ended; }); };
        sink.onError = [this](Error told) { change([&] { error = std::move(told); }); };
        sink.onCode = [this](Code code, std::string) { change([&] { codes.push_back(code); }); };
        sink.onPacket = [this](Packet packet) {
            change([&] { (packet.kind == Packet::Kind::Config ? configs : frames).push_back(std::move(packet)); });
        };
        return sink;
    }

    template <typename Condition>
    bool wait(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), condition);
    }
    bool waitFrames(std::size_t count) {
        return wait([&, count] { return frames.size() >= count; });
    }

    // To be read once the source has stopped, or inside wait().
    std::vector<Packet> configs, frames;
    std::vector<Code> codes;
    int ended = 0;
    std::optional<Error> error;

private:
    template <typename Act>
    void change(Act act) {
        {
            std::lock_guard lock(mutex_);
            act();
        }
        changed_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable changed_;
};

}  // namespace livepusher::capture
