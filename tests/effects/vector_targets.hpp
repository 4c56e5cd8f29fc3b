// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <hwy/highway.h>

namespace livepusher::effects::test {

/// Runs once with each vector unit that this processor and this build have, the plain one included.
template <typename Run>
void onEachTarget(const Run& run) {
    for (const auto target : hwy::SupportedAndGeneratedTargets()) {
        SCOPED_TRACE(hwy::TargetName(target));
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        run();
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace livepusher::effects::test
