// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace livepusher::base {

/// Lets a line that comes again and again through once in kEvery, and knows how many were left out. Lines that differ in
/// their figures alone ("520 ms late") are one. Pure: time is handed in. Not locked.
class RepeatedLines {
public:
    static constexpr Timestamp kEvery{10'000'000};

    /// Whether that line is to be written now; if so, with what is said of those before it, which may be nothing.
    struct Verdict {
        bool write = false;
        std::string addition;
    };
    Verdict note(std::string_view line, Timestamp now);

    /// What has to be said of lines that were left out and have not come again for kEvery, or, with `all`, of any.
    std::vector<std::string> owed(Timestamp now, bool all = false);

    void forget() { kinds_.clear(); }

    /// The line without the figures that stand free in it; names and what is quoted are kept whole.
    static std::string shapeOf(std::string_view line);

private:
    static constexpr std::size_t kMostKinds = 64;  ///< the one that was written longest ago is forgotten

    struct Kind {
        std::string shape, first;  ///< `first`: of those left out
        Timestamp written{};
        unsigned leftOut = 0;
    };
    std::vector<Kind> kinds_;
};

}  // namespace livepusher::base
