// SPDX-License-Identifier: MIT
#include "pipeline/rendition_encodings.hpp"

#include "base/attempt.hpp"

#include <algorithm>

namespace livepusher::pipeline {

void RenditionEncodings::follow(const std::vector<NumberedRendition>& wanted) {
    if (wanted == wanted_) return;
    const auto isIn = [](const auto& list, const NumberedRendition& rendition) {
        return std::ranges::find(list, rendition) != list.end();
    };
    {
        std::lock_guard lock(mutex_);
        const auto leaves = [&](const auto& encoding) { return !isIn(wanted, encoding->rendition()); };
        for (auto& encoding : running_) {
            if (!leaves(encoding)) continue;
            encoding->leave();
            ending_.push_back(std::move(encoding));
        }
        std::erase(running_, nullptr);
    }
    for (const auto& rendition : wanted)
        if (!isIn(wanted_, rendition)) begin(rendition);
    wanted_ = wanted;
}

/// One that can't begin takes nothing from the others.
void RenditionEncodings::begin(const NumberedRendition& rendition) {
    const auto begun = base::attempt([&] {
        auto encoding = std::make_unique<RenditionEncoding>(rendition, makeEncoder_(), packets_, observer_);
        std::lock_guard lock(mutex_);
        running_.push_back(std::move(encoding));
    });
    if (!begun) observer_.renditionFailed(rendition.number, begun.error());
}

void RenditionEncodings::give(const VideoFrame& frame, const LaneSettings& settings, const VideoEncoding::Job& job) {
    std::erase_if(ending_, [](const auto& encoding) { return encoding->over(); });
    for (const auto& encoding : running_) encoding->give(frame, settings, job);
}

void RenditionEncodings::cut() {
    for (const auto& encoding : running_) encoding->cut();
}

void RenditionEncodings::close() {
    std::vector<std::unique_ptr<RenditionEncoding>> over;
    {
        std::lock_guard lock(mutex_);
        over.swap(running_);
    }
    for (const auto& encoding : over) encoding->beginToEnd();
    over.clear();
    ending_.clear();
    wanted_.clear();
}

std::optional<RenditionStatus> RenditionEncodings::status(int number) const {
    std::lock_guard lock(mutex_);
    for (const auto& encoding : running_)
        if (encoding->rendition().number == number) return RenditionStatus{encoding->counters(), encoding->preset()};
    return std::nullopt;
}

}  // namespace livepusher::pipeline
