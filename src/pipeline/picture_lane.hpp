// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/coded.hpp>
#include <livepusher/error.hpp>

#include "media/picture_size.hpp"
#include "pipeline/lane.hpp"

#include <cstdint>

namespace livepusher::pipeline {

/// A source of pictures with all that makes packets of them, on a thread of its own. Its destructor drains what is under way
/// into the sink. [control]
class PictureLane {
public:
    virtual ~PictureLane() = default;

    virtual void beginToEnd() = 0;       ///< the destructor then waits for less, when others end too. [any-thread]
    virtual void abandonSource() = 0;    ///< it has failed for good: it is not started again. [any-thread]
    virtual void settingsChanged() = 0;  ///< [any-thread]
    virtual void forceKey() {}           ///< [any-thread]
    virtual void skip(bool) {}           ///< pictures are left out before the encoder. [any-thread]

    virtual const LaneCounters& counters() const = 0;                        ///< [any-thread]
    virtual std::uint64_t dropped() const { return counters().dropped; }     ///< all that was lost before the encoder
    virtual base::PictureSize size(const LaneSettings& settings) const = 0;  ///< as pushed. [any-thread]

    /// Of the application; most lanes take none. [any-thread]
    virtual Result<void> push(const VideoFrameView& frame) { return noneRuns(frame); }
    virtual Result<void> push(const CodedVideoView& unit) { return noneRuns(unit); }

    static Error noneRuns(const VideoFrameView&) { return {Code::InvalidState, "pushVideoFrame: no video source is running"}; }
    static Error noneRuns(const CodedVideoView&) {
        return {Code::InvalidState, "pushCodedVideo: no \"coded\" video source is running"};
    }
};

}  // namespace livepusher::pipeline
