// SPDX-License-Identifier: MIT
#pragma once

#include "base/latest.hpp"
#include "pipeline/adaptation.hpp"
#include "pipeline/events.hpp"
#include "pipeline/lane_settings_store.hpp"
#include "pipeline/lanes.hpp"
#include "pipeline/preview.hpp"
#include "pipeline/push.hpp"
#include "pipeline/render_hook.hpp"
#include "pipeline/state.hpp"
#include "pipeline/status_meter.hpp"
#include "session/control_loop.hpp"

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

/// The net status of a push: measures it every `netStatusInterval`, tells the application, and shows it in the preview.
/// Belongs to the control thread.
class StatusReporter {
public:
    /// What it reads, and the preview that shows it.
    struct Parts {
        const std::atomic<Phase>& phase;
        const LaneSettingsStore& settings;
        const Lanes& lanes;
        const Adaptation& adaptation;
        RenderHooks& renderHooks;
        Preview& preview;
    };

    StatusReporter(session::ControlLoop& control, Events& events, Parts parts)
        : control_(control), events_(events), parts_(parts) {}

    void restart();                ///< another push: totals count from here
    void begin(const Push& push);  ///< reports now, and on until end()
    /// Every counter of the push as it is now.
    StatusMeter::Totals totals(const Push& push) const;
    /// Reports for the last time, of a push whose lanes are closed: `totals`, that were read before, and what has left since.
    void end(StatusMeter::Totals totals, const Push& push);

    void show() { parts_.preview.tell(publicState(parts_.phase.load()), *last_.get()); }  ///< in the preview: the state changed
    NetStatus last() const { return *last_.get(); }                                       ///< [any-thread]
    /// Of one target; empty: there is none of that id. [any-thread]
    std::optional<NetStatus> last(const std::string& targetId) const;

private:
    void tell();
    void publish(const StatusMeter::Totals& totals, const Targets& targets);
    NetStatus measure(const TargetPush& target, const StatusMeter::Totals& totals);

    session::ControlLoop& control_;
    Events& events_;
    const Parts parts_;
    StatusMeter meter_;
    base::Latest<NetStatus> last_{NetStatus{}};
    struct OfTarget {
        StatusMeter meter;
        int rendition = 0;
        std::optional<RenditionStatus> encoded;
    };
    std::map<std::string, OfTarget> ofTargets_;
    base::Latest<std::vector<std::pair<std::string, NetStatus>>> lastOfTargets_{{}};  // in their order
    session::Lifetime push_;
};

}  // namespace livepusher::pipeline
