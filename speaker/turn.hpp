// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

#include "speaker/speaker.hpp"

namespace livepusher::speaker {

/// Whose turn it is to take samples: one has it at a time, and a device that hangs loses it without being asked. What has
/// it neither waits nor allocates. [any-thread]
class Turn {
public:
    using Holder = std::uint32_t;
    static constexpr Holder kNobody = 0, kClock = 1, kFirstDevice = 2, kClosed = 0x7FFFFFFF;

    /// `source`: until close().
    explicit Turn(SampleSource& source) : source_(source) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    // For its holder; false: that is another by now.
    bool fill(Holder holder, std::span<float> samples);           ///< by the source
    bool tell(Holder holder, std::int64_t frames, Timestamp at);  ///< what is heard() then
    bool beginLine(Holder holder);                                ///< what is told from now on is of another line

    // For the others: these wait until a fill() that runs has ended.
    bool take(Holder to);               ///< from whoever has it; false: it is closed
    bool take(Holder from, Holder to);  ///< only from that one
    void close();                       ///< for good: afterwards the source is not called

    Holder holder() const { return word_.load() >> 1; }
    std::int64_t filled() const { return filled_.load(); }              ///< frames
    Timestamp lastFill() const { return Timestamp(lastFill_.load()); }  ///< or when it was taken, if that is later
    std::optional<Heard> heard() const;

private:
    static constexpr std::uint32_t kBusy = 1;
    bool enter(Holder holder);
    void leave(Holder holder) { word_.store(holder << 1); }

    SampleSource& source_;
    std::atomic<std::uint32_t> word_{0};  ///< the holder, and whether it is at it just now
    std::atomic<std::int64_t> filled_{0};
    std::atomic<std::int64_t> lastFill_{0};
    std::uint32_t line_ = 0;  ///< the busy one's

    // What is heard, readable while it is written: the number is odd meanwhile.
    std::atomic<std::uint32_t> written_{0};
    std::atomic<std::int64_t> heardFrames_{0};
    std::atomic<std::int64_t> heardAt_{0};
    std::atomic<std::uint32_t> heardLine_{0};
};

}  // namespace livepusher::speaker
