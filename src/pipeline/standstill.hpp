// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <optional>

namespace livepusher::pipeline {

/// Notices that the process stood still (SIGSTOP, a frozen container): a thread that was to be back at a known time comes
/// much later. What was not made meanwhile is not made up for. Pure: time is handed in. Belongs to one thread.
class Standstill {
public:
    /// A busy machine lets a thread wait for some tenths of that.
    static constexpr Timestamp kAtLeast{1'000'000};

    /// The thread goes to wait and is to be back at `due` or earlier, and at once where that is past.
    void expect(Timestamp due, Timestamp now) { due_ = std::max(due, now); }
    /// It is back: true when it stood still.
    bool noticed(Timestamp now) {
        if (!due_ || now - *due_ <= kAtLeast) return false;
        resumed_ = now;
        return true;
    }
    /// What is from before the end of the last standstill comes too late, by more than a source's own delay.
    bool outlived(Timestamp pts) const { return resumed_ && pts < *resumed_ - kDelay; }

private:
    static constexpr Timestamp kDelay{300'000};

    std::optional<Timestamp> due_, resumed_;
};

}  // namespace livepusher::pipeline
