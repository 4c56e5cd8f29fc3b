// SPDX-License-Identifier: MIT
#include "encode/encoder_list.hpp"

#include "encode/encoder.hpp"
#include "encode/probe.hpp"
#include "encode/trial.hpp"

#include <algorithm>

namespace livepusher::encode {

std::vector<EncoderInfo> listEncoders() {
    const std::atomic<bool> never{false};
    const auto hardware = tryHardware(findProbeProgram(), findDeviceNodes(), kTrialTime, never);
    std::vector<EncoderInfo> list;
    for (const auto& known : knownEncoders()) {
        EncoderInfo info{.codec = known.codec, .name = known.name, .hardware = known.hardware(), .problem = {}};
        if (info.hardware) {
            const auto found = std::ranges::find(hardware, &known, &HardwareTrial::encoder);
            info.problem = found->problem;
            info.milliseconds = found->milliseconds;
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
