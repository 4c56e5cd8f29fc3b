// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace livepusher::capture {

/// Tells from waits that end far too late how long the process as a whole stood still (SIGSTOP, a frozen container), once
/// however many threads waited meanwhile. Where one of them went on, only the others had to wait for a CPU. Pure: time is handed
/// in. Belongs to whoever has the lock.
class StoodStill {
public:
    /// A busy machine lets a thread wait for some tenths of that.
    static constexpr Timestamp kAtLeast{1'000'000};

    /// A wait until `due` ended at `now`: what was missed of it, unless another wait has ended since.
    Timestamp missed(Timestamp due, Timestamp now) {
        const auto before = std::exchange(lastEnd_, now);
        const auto from = before ? std::max(due, *before) : due;
        return now - from > kAtLeast ? now - from : Timestamp{};
    }

private:
    std::optional<Timestamp> lastEnd_;  ///< of any wait
};

}  // namespace livepusher::capture
