// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/player_events.hpp>
#include <livepusher/player_properties.hpp>

#include "base/latest.hpp"
#include "display/window.hpp"
#include "media/fit.hpp"
#include "media/frame_pool.hpp"
#include "media/picture_size.hpp"
#include "session/statistics.hpp"

#include <string>
#include <utility>
#include <vector>

namespace livepusher::playback {

/// How what is seen differs from the decoded picture.
struct ViewRules {
    display::PictureLayout layout{};
    bool debug = false;  ///< the statistics are written over it
    bool operator==(const ViewRules&) const = default;
};
ViewRules viewRules(const PlayerProperties& properties);

/// What the property `debug` writes over the picture: short lines of ASCII. Where nothing plays only the state.
std::vector<std::string> statisticsText(PlayerState state, const PlayerNetStatus& status);

/// Makes what is seen out of decoded pictures, which stay as they are. [any-thread]
class View {
public:
    void follow(const ViewRules& rules) { rules_.publish(rules); }
    ViewRules rules() const { return *rules_.get(); }
    /// The lines that `debug` shows.
    void tell(std::vector<std::string> statistics) { statistics_.tell(std::move(statistics)); }

    /// The picture upright, turned as `orientation` has it, its pixels square: the same memory where it is so already.
    VideoFrame turned(const VideoFrame& frame) const;
    base::PictureSize sizeOf(const VideoFrame& frame) const;  ///< of the turned one
    /// With everything that the rules say. The window turns and crops it, so that no pixel is copied but for the statistics.
    void draw(const VideoFrame& frame, display::Window& window) const;

private:
    mutable base::FitMemory memory_;
    mutable base::FramePool written_;
    base::Latest<ViewRules> rules_{ViewRules{}};
    session::Statistics statistics_;
};

}  // namespace livepusher::playback
