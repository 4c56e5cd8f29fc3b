// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/events.hpp>
#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include "base/latest.hpp"
#include "capture/source.hpp"
#include "media/frame_pool.hpp"
#include "pipeline/lane.hpp"
#include "session/statistics.hpp"

#include <string>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

/// How the local view differs from the pushed picture.
struct ViewRules {
    bool mirror = false;  ///< left and right change places
    bool debug = false;   ///< the statistics are written over it
    bool operator==(const ViewRules&) const = default;
};

/// localMirror is about the world in front of the camera, whether the pushed picture is mirrored or not. What is no live picture
/// is shown as it is.
ViewRules viewRules(const Properties& properties, capture::SourceKind source);

/// What the property `debug` writes over the preview: short lines of ASCII. Without a push only the state.
std::vector<std::string> statisticsText(State state, const NetStatus& status);

/// Makes the local view out of pushed pictures, which stay as they are. [any-thread]
class View {
public:
    void follow(ViewRules rules) { rules_.publish(rules); }
    /// The lines that `debug` shows.
    void tell(std::vector<std::string> statistics) { statistics_.tell(std::move(statistics)); }

    VideoFrame of(const Shown& shown) const;        ///< with everything that the rules say
    VideoFrame mirrored(const Shown& shown) const;  ///< without the statistics: for a snapshot of the view

private:
    mutable base::FramePool pool_;
    base::Latest<ViewRules> rules_{ViewRules{}};
    session::Statistics statistics_;
};

}  // namespace livepusher::pipeline
