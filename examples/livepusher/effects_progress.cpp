// SPDX-License-Identifier: MIT
#include "effects_progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace program {

using namespace std::chrono_literals;

EffectsProgress::EffectsProgress(bool quiet, double duration)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1), duration_(duration) {}

double EffectsProgress::fps() const {
    return frames_ / std::max(std::chrono::duration<double>(Clock::now() - began_).count(), 1e-3);
}

void EffectsProgress::frame(double time) {
    ++frames_;
    const auto now = Clock::now();
    if (quiet_ || !terminal_ || now - shown_ < 200ms) return;
    shown_ = now;
    line_ = true;
    if (duration_ > 0)
        std::fprintf(stderr, "\r\033[K%3.0f %%  %.0f fps", std::clamp(time / duration_, 0.0, 1.0) * 100, fps());
    else
        std::fprintf(stderr, "\r\033[K%d frames  %.0f fps", frames_, fps());
}

void EffectsProgress::clear() {
    if (line_) std::fputs("\r\033[K", stderr);
    line_ = false;
}

void EffectsProgress::finish(const std::string& what) {
    clear();
    if (quiet_) return;
    std::array<char, 64> rate{};
    std::snprintf(rate.data(), rate.size(), ", %.1f s of work, %.0f fps",
                  std::chrono::duration<double>(Clock::now() - began_).count(), fps());
    tell(what + ", " + std::to_string(frames_) + (frames_ == 1 ? " frame" : " frames") + rate.data());
}

void tell(const std::string& text) { std::fprintf(stderr, "livepusher: %s\n", text.c_str()); }

}  // namespace program
