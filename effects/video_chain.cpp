// SPDX-License-Identifier: MIT
#include "effects/effects.hpp"

#include "base/log.hpp"
#include "effects/budget.hpp"
#include "effects/colour_look.hpp"
#include "effects/skin_look.hpp"
#include "media/fit.hpp"

#include <hwy/highway.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::effects {

namespace {

/// What the picture effects compute with on this processor.
struct VectorUnit {
    bool fast = false;  ///< one that the effects' figures are made for: AVX2 or better, NEON, SVE
    std::string name;   ///< "AVX2"
};

VectorUnit vectorUnit() {
    constexpr auto kFast =
        static_cast<std::int64_t>(HWY_AVX2 | HWY_AVX3 | HWY_AVX3_DL | HWY_NEON | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128);
    const auto supported = static_cast<std::int64_t>(hwy::SupportedTargets());
    const auto best = supported & -supported;  // the better, the lower its bit
    return {(supported & kFast) != 0, hwy::TargetName(best)};
}

std::vector<std::unique_ptr<VideoEffect>> stepsFor(VideoChainParts& parts, const std::shared_ptr<FaceMailbox>& mailbox) {
    const bool waits = parts.timing == FaceTiming::EachFrame;
    std::vector<std::unique_ptr<VideoEffect>> steps;
    steps.push_back(makeFaceTracking(mailbox, parts.timing, [tell = parts.onCode](const std::string& why) {
        if (tell) tell(Code::EffectsFellBackAgain, "faces are not found, and skin is found by its colour alone: " + why);
    }));
    steps.push_back(makeSmoothing(mailbox));  // before the colours change: it knows skin by its own
    steps.push_back(makeColourTable(waits));
    steps.push_back(makeFaceWarp(mailbox));
    steps.push_back(makeWatermark(std::move(parts.loadOverlay), waits));  // last: nothing is to change it
    return steps;
}

/// The steps, and an eye on what they cost.
class VideoChain final : public VideoEffect {
public:
    explicit VideoChain(VideoChainParts parts)
        : keepsTime_(parts.timing == FaceTiming::Live), onCode_(parts.onCode), steps_(stepsFor(parts, mailbox_)) {}

    void apply(VideoFrame& frame, base::PictureSize target, const Properties& properties) override {
        tellOfSlowness(properties);
        using Clock = std::chrono::steady_clock;
        const auto begun = Clock::now();
        // Fitted first: all that follows then works on as few pixels as are pushed.
        frame = base::fitted(std::move(frame), target, properties.videoFit, properties.remoteMirror, memory_);
        for (const auto& step : steps_) step->apply(frame, target, properties);
        if (!keepsTime_) return;
        const auto cost = std::chrono::duration_cast<Budget::Time>(Clock::now() - begun);
        keepBudget(cost, properties);
    }

private:
    void tellOfSlowness(const Properties& properties) {
        if (told_ || (skinLook(properties).nothing() && colourLook(properties).nothing() && !wantsFaces(properties))) return;
        told_ = true;
        const auto unit = vectorUnit();
        if (!unit.fast && onCode_)
            onCode_(Code::EffectsFellBack,
                    "this processor has no AVX2: the effects work with " + unit.name + ", about three times slower");
    }

    void keepBudget(Budget::Time cost, const Properties& properties) {
        if (skinLook(properties).nothing() && !wantsFaces(properties)) {  // what is left can't be made less of
            if (budget_.step() > 0) budget_ = {};
            budget_.write(*mailbox_);
            return;
        }
        const int before = budget_.step();
        if (!budget_.frame(cost, std::chrono::microseconds(1'000'000 / properties.fps))) return;
        budget_.write(*mailbox_);
        const bool less = budget_.step() > before;
        base::log(less ? LogLevel::Warning : LogLevel::Info,
                  "effects take " + std::to_string(std::lround(100 * budget_.share())) +
                      " % of the time from frame to frame: " + (less ? "less" : "more") + " quality, step " +
                      std::to_string(budget_.step()) + " of " + std::to_string(Budget::kSteps) + " down");
    }

    const bool keepsTime_;
    const VideoChainParts::OnCode onCode_;
    bool told_ = false;  // it was looked whether it is slow
    std::shared_ptr<FaceMailbox> mailbox_ = std::make_shared<FaceMailbox>();
    base::FitMemory memory_;
    const std::vector<std::unique_ptr<VideoEffect>> steps_;
    Budget budget_;
};

}  // namespace

std::unique_ptr<VideoEffect> makeVideoChain(VideoChainParts parts) { return std::make_unique<VideoChain>(std::move(parts)); }

}  // namespace livepusher::effects
