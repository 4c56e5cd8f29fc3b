// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/player_events.hpp>

#include <functional>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/queue.hpp"
#include "base/thread_name.hpp"
#include "speaker/speaker.hpp"

namespace livepusher::playback {

/// Hands what is heard to the application on a thread of its own: a handler that is slow by more than 200 ms misses some.
class HeardSound {
public:
    using Handler = std::function<void(const HeardAudio&)>;

    explicit HeardSound(Handler handler)
        : handler_(std::move(handler)), thread_([this] {
              base::nameThread("heard");
              while (const auto block = blocks_.pop())
                  handler_({.samples = block->samples.data(),
                            .frames = static_cast<int>(block->samples.size()) / speaker::kFormat.channels,
                            .sampleRate = speaker::kFormat.sampleRate,
                            .channels = speaker::kFormat.channels,
                            .heardAt = block->heardAt});
          }) {}
    ~HeardSound() {
        blocks_.close();
        thread_.join();
    }
    HeardSound(const HeardSound&) = delete;
    HeardSound& operator=(const HeardSound&) = delete;

    void give(const std::vector<float>& samples, Timestamp heardAt) { blocks_.push({samples, heardAt}); }  ///< [any-thread]

private:
    struct Block {
        std::vector<float> samples;
        Timestamp heardAt{};
    };
    const Handler handler_;
    base::Queue<Block> blocks_{20};
    std::thread thread_;
};

}  // namespace livepusher::playback
