// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>

namespace program {

/// A line on stderr.
inline void tell(const std::string& text) { std::fprintf(stderr, "livepusher: %s\n", text.c_str()); }

/// Tells on stderr how far a video is: on a terminal all along, in the end in any case.
class EffectsProgress {
public:
    /// `duration`: s of the video, 0 when not known.
    EffectsProgress(bool quiet, double duration) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1), duration_(duration) {}
    ~EffectsProgress() { clear(); }
    EffectsProgress(const EffectsProgress&) = delete;
    EffectsProgress& operator=(const EffectsProgress&) = delete;

    /// `time`: s, of the frame that is done.
    void frame(double time) {
        ++frames_;
        const auto now = Clock::now();
        if (quiet_ || !terminal_ || now - shown_ < std::chrono::milliseconds(200)) return;
        shown_ = now;
        line_ = true;
        if (duration_ > 0)
            std::fprintf(stderr, "\r\033[K%3.0f %%  %.0f fps", std::clamp(time / duration_, 0.0, 1.0) * 100, fps());
        else
            std::fprintf(stderr, "\r\033[K%d frames  %.0f fps", frames_, fps());
    }

    /// `what`: "out.mp4: 1280x720".
    void finish(const std::string& what) {
        clear();
        if (quiet_) return;
        std::array<char, 64> rate{};
        std::snprintf(rate.data(), rate.size(), ", %.1f s of work, %.0f fps", elapsed(), fps());
        tell(what + ", " + std::to_string(frames_) + (frames_ == 1 ? " frame" : " frames") + rate.data());
    }

private:
    using Clock = std::chrono::steady_clock;

    double elapsed() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }
    double fps() const { return frames_ / std::max(elapsed(), 1e-3); }
    void clear() {
        if (line_) std::fputs("\r\033[K", stderr);
        line_ = false;
    }

    bool quiet_, terminal_;
    double duration_;
    int frames_ = 0;
    Clock::time_point began_ = Clock::now(), shown_ = began_;
    bool line_ = false;
};

}  // namespace program
