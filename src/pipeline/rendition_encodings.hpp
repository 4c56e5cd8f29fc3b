// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/rendition_encoding.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

/// What a rendition does, for the net status of those that get it.
struct RenditionStatus {
    std::shared_ptr<const RenditionCounters> counters;
    std::string preset;
};

/// The renditions that are encoded beside a push's own picture. Belongs to the video thread, but for what is tagged otherwise.
class RenditionEncodings {
public:
    using MakeEncoder = std::function<std::unique_ptr<encode::VideoEncoder>()>;

    RenditionEncodings(MakeEncoder makeEncoder, encode::PacketSink& packets, LaneObserver& observer)
        : makeEncoder_(std::move(makeEncoder)), packets_(packets), observer_(observer) {}

    /// Begins those that are new and ends those that nobody wants any more, without waiting for any.
    void follow(const std::vector<NumberedRendition>& wanted);
    /// A picture that the push's own encoder has taken, and what it came with.
    void give(const VideoFrame& frame, const LaneSettings& settings, const VideoEncoding::Job& job);
    void cut();    ///< as RenditionEncoding::cut()
    void close();  ///< all of them; what they hold comes out first

    std::optional<RenditionStatus> status(int number) const;  ///< none: no such runs. [any-thread]

private:
    void begin(const NumberedRendition& rendition);

    const MakeEncoder makeEncoder_;
    encode::PacketSink& packets_;
    LaneObserver& observer_;
    std::vector<NumberedRendition> wanted_;
    std::vector<std::unique_ptr<RenditionEncoding>> ending_;
    mutable std::mutex mutex_;  // while the list changes, and for status()
    std::vector<std::unique_ptr<RenditionEncoding>> running_;
};

}  // namespace livepusher::pipeline
