// SPDX-License-Identifier: MIT
#pragma once

#include "media/packet.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace livepusher::pipeline {

/// The last seconds of what is pushed, in memory: from the last key frame on that has all of them behind it.
class ReplayBuffer {
public:
    /// Forgets all, and keeps so much media from now on, or none; never more than kMost. [any-thread]
    void begin(Timestamp length);
    void keep(const Packet& packet);  ///< [any-thread]

    /// A stream of its own, in the order of its time: Configs in force, then media from a key frame on. Empty: there is none
    /// yet. [any-thread]
    std::vector<Packet> take() const;

    static constexpr std::size_t kMost = std::size_t{256} * 1024 * 1024;  ///< bytes

private:
    struct Key {
        std::uint64_t number = 0;  ///< of the packet
        Timestamp dts{};
    };
    void trim(std::vector<Packet>& gone);
    void dropTo(std::uint64_t number, std::vector<Packet>& gone);

    mutable std::mutex mutex_;
    Timestamp length_{}, latest_{};
    bool pictures_ = false;
    std::deque<Packet> packets_;
    std::uint64_t first_ = 0;                       // number of packets_.front()
    std::deque<Key> keys_;                          // where it can begin
    std::array<std::optional<Packet>, 2> configs_;  // in force before packets_
    std::size_t bytes_ = 0;
};

}  // namespace livepusher::pipeline
