// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

extern "C" {
#include <libavutil/frame.h>
}

namespace livepusher::capture {

/// Sees by some of a stream's lines whether its frames hold two moments, whatever their flags tell: in what moves, the lines
/// of one parity then lie nearer in time to the frame before than the others do. Costs some 0.1 ms a frame, and sees nothing
/// where nothing moves. Belongs to one thread.
class InterlaceDetector {
public:
    enum class Opinion {
        None,         ///< nothing has moved yet, or what moved tells nothing
        Progressive,  ///< one moment a frame
        TopFirst,     ///< two, the upper line's first; telecined frames too
        BottomFirst,
    };
    /// Looks at the next frame; one of another size or format begins anew.
    void look(const AVFrame& frame);
    Opinion opinion() const { return opinion_; }
    /// After a seek: the next frame doesn't follow the last. The opinion stays.
    void forget() { before_.clear(); }

private:
    struct Sums {
        std::int64_t topEarlier = 0, bottomEarlier = 0, within = 0;
        Sums& operator+=(const Sums& other);
    };
    struct Seen {
        Sums all;
        int topFirst = 0, bottomFirst = 0;  ///< groups that clearly say so
    };
    bool begin(const AVFrame& frame);
    Seen compare() const;
    bool isClear(const Sums& sums, int lines) const;
    void vote(const Seen& seen);
    int columns() const;
    int groups() const { return static_cast<int>(groups_.size()); }

    int format_ = -1, width_ = 0, height_ = 0;
    std::vector<int> groups_;                 ///< first lines of those looked at, four each; none: it can't be read
    std::vector<std::uint8_t> now_, before_;  ///< what is looked at, of this frame and of the one before
    int score_ = 0;                           ///< interlaced: positive with the top first
    int progressive_ = 0;                     ///< votes
    Opinion opinion_ = Opinion::None;
};

}  // namespace livepusher::capture
