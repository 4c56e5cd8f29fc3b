// SPDX-License-Identifier: MIT
#include "encode/probe.hpp"

#include "base/answer_within.hpp"
#include "encode/encoder.hpp"
#include "encode/trial.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

namespace livepusher::encode {

namespace {
constexpr std::chrono::milliseconds kLook{1000};
}  // namespace

std::vector<EncoderInfo> listEncoders() {
    const auto cancelled = std::make_shared<std::atomic<bool>>(false);
    // The trials themselves keep to their time; a driver may hold up the look at what to try.
    const auto hardware = base::answerWithin(
        kTrialTime + kLook, [cancelled] { return tryHardware(findProbeProgram(), findDeviceNodes(), kTrialTime, *cancelled); });
    *cancelled = true;
    std::vector<EncoderInfo> list;
    for (const auto& known : knownEncoders()) {
        EncoderInfo info{.codec = known.codec, .name = known.name, .hardware = known.hardware(), .problem = {}};
        if (info.hardware) {
            info.problem = "can't be tried: a driver of a /dev/video* does not answer";
            if (hardware) {
                const auto found = std::ranges::find(*hardware, &known, &HardwareTrial::encoder);
                info.problem = found->problem;
                info.milliseconds = found->milliseconds;
            }
        } else if (!isBuiltIn(known)) {
            info.problem = "this libavcodec does not have it";
        } else {
            const auto encoder = makeEncoder(known);
            const auto trial = tryEncoder(*encoder, known.codec);
            info.problem = trial.problem;
            info.milliseconds = trial.milliseconds;
        }
        info.works = info.problem.empty();
        list.push_back(std::move(info));
    }
    return list;
}

}  // namespace livepusher::encode
