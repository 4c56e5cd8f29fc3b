// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/lane.hpp"

#include <optional>
#include <vector>

namespace livepusher::pipeline {

/// Numbers the renditions that a push has had: the same for the same, so that it is encoded once. Belongs to the control thread.
class Renditions {
public:
    /// None: the push's own picture, which is 0.
    int numberOf(const std::optional<properties::Rendition>& what);
    /// Its encoder has failed: who wants the same again gets another.
    void failed(int number);
    /// Those of the numbers, each once; the others are forgotten, for their encoders end.
    const std::vector<NumberedRendition>& keep(const std::vector<int>& numbers);

private:
    std::vector<NumberedRendition> known_;
    int last_ = 0;
};

}  // namespace livepusher::pipeline
