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
class CodedCollector : CodedVideoSource::Sink {
public:
    CodedVideoSource::Sink& sink() { return *this; }

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
    int ends = 0;
    std::optional<Error> error;

private:
    void packet(Packet packet) override {
        change([&] { (packet.kind == Packet::Kind::Config ? configs : frames).push_back(std::move(packet)); });
    }
    void ended() override {
        change([&] { ++ends; });
    }
    void failed(Error why) override {
        change([&] { error = std::move(why); });
    }
    void code(Code code, std::string) override {
        change([&] { codes.push_back(code); });
    }
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
