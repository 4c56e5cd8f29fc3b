// SPDX-License-Identifier: MIT
#include "pipeline/size_ladder.hpp"

#include <algorithm>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

constexpr double kPoor = 0.045;  // bits a pixel: x264 veryfast shows blocks in moving pictures below
constexpr double kRich = 0.10;
constexpr auto kPoorFor = 4s;
constexpr auto kRichFor = 15s;
constexpr auto kBetweenChanges = 10s;

}  // namespace

void SizeLadder::configure(base::PictureSize full, base::PictureSize least) {
    const auto now = size();
    steps_ = {full};
    for (const double share : {0.75, 0.5, 0.25}) {
        const base::PictureSize next{base::evenLength(full.width * share), base::evenLength(full.height * share)};
        if (next.width <= least.width || next.height <= least.height) break;
        steps_.push_back(next);
    }
    if (least.width < full.width && least.height < full.height) steps_.push_back(least);
    const auto found = std::ranges::find(steps_, now);
    step_ = found == steps_.end() ? 0 : static_cast<std::size_t>(found - steps_.begin());
    poor_.restart();
    rich_.restart();
}

bool SizeLadder::tick(int kbps, int fps, Time now) {
    const double bits = kbps * 1000.0 / (static_cast<double>(size().width) * size().height * fps);  // a pixel
    const bool poor = poor_.update(bits < kPoor, now, kPoorFor);
    const bool rich = rich_.update(bits > kRich, now, kRichFor);
    if (changedAt_ && now - *changedAt_ < kBetweenChanges) return false;
    if (poor && step_ + 1 < steps_.size())
        ++step_;
    else if (rich && step_ > 0)
        --step_;
    else
        return false;
    changedAt_ = now;
    poor_.restart();
    rich_.restart();
    return true;
}

}  // namespace livepusher::pipeline
