// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace program {

/// Tells on stderr how far a video is: on a terminal all along, in the end in any case.
class EffectsProgress {
public:
    /// `duration`: s of the video, 0 when not known.
    EffectsProgress(bool quiet, double duration);
    ~EffectsProgress() { clear(); }
    EffectsProgress(const EffectsProgress&) = delete;
    EffectsProgress& operator=(const EffectsProgress&) = delete;

    void frame(double time);               ///< s, of the frame that is done
    void finish(const std::string& what);  ///< "out.mp4: 1280x720"
    int frames() const { return frames_; }

private:
    using Clock = std::chrono::steady_clock;
    double fps() const;
    void clear();

    bool quiet_, terminal_;
    double duration_;
    int frames_ = 0;
    Clock::time_point began_ = Clock::now(), shown_ = began_;
    bool line_ = false;
};

/// A line on stderr.
void tell(const std::string& text);

}  // namespace program
