// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <optional>

namespace livepusher::capture {

/// When each picture is shown, by what its packets told. Pictures leave a decoder in the order in which they are seen, so
/// a time that goes back is wrong: some files give each picture the time at which it is decoded. From the first such time
/// on pictures follow each other by their length, until the times are in order again. Pure; belongs to one thread.
class PictureTimes {
public:
    Timestamp place(std::optional<Timestamp> told, Timestamp duration) {
        const auto expected = end_;
        auto at = expected;
        if (told) {
            const bool back = told_ && *told <= *told_;
            if (back) toCount_ = kInOrder;
            if (*told > expected + kDisorder || (toCount_ == 0 && !back)) at = *told;
            if (toCount_ > 0 && !back) --toCount_;
            told_ = told;
        }
        end_ = at + duration;
        return at;
    }
    /// Where the last picture ends.
    Timestamp end() const { return end_; }

private:
    static constexpr int kInOrder = 16;  // more than a decoder ever puts in order
    static constexpr Timestamp kDisorder{200'000};

    std::optional<Timestamp> told_;
    Timestamp end_{};
    int toCount_ = 0;  ///< pictures whose times aren't taken yet
};

}  // namespace livepusher::capture
