// SPDX-License-Identifier: MIT
#include "capture/file/lateness.hpp"

#include <utility>

#include "base/log.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kFullFor{2'000'000};
constexpr Timestamp kTellEvery{10'000'000};

}  // namespace

bool Lateness::postpones(Timestamp moment, Timestamp came) {
    const auto at = clock_.now();
    const auto late = came - moment;
    if (late < most_) return false;
    // Where the other track's packets alone filled the buffer, the file isn't slow: these lie far behind them in it.
    if (const auto full = buffer_.lastFull(); full && at - *full < kFullFor) return false;
    clock_.postpone(late);
    if (!told_ || at - *told_ > kTellEvery) {
        told_ = at;
        base::log(LogLevel::Warning,
                  name_ + ": could not be read as fast as it plays, " + std::to_string(late.count() / 1000) + " ms late");
    }
    return true;
}

}  // namespace livepusher::capture
