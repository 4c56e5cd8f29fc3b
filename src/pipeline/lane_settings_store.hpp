// SPDX-License-Identifier: MIT
#pragma once

#include "base/latest.hpp"
#include "pipeline/lane.hpp"

#include <memory>
#include <utility>

namespace livepusher::pipeline {

class LaneSettingsObserver {
public:
    virtual void settingsChanged() = 0;  ///< others have been published

protected:
    ~LaneSettingsObserver() = default;
};

/// The settings in force of a session: control changes them, the lanes read them. Belongs to the control thread, but for
/// what is tagged otherwise.
class LaneSettingsStore {
public:
    LaneSettingsStore(LaneSettings first, LaneSettingsObserver& observer) : latest_(std::move(first)), observer_(observer) {}

    std::shared_ptr<const LaneSettings> get() const { return latest_.get(); }  ///< [any-thread]
    const base::Latest<LaneSettings>& latest() const { return latest_; }       ///< for the lanes' own readers. [any-thread]

    /// Publishes them as `change` makes them of what is in force, all at once, and tells.
    template <typename Change>
    void update(Change change) {
        LaneSettings next = *get();
        change(next);
        latest_.publish(std::move(next));
        observer_.settingsChanged();
    }

private:
    base::Latest<LaneSettings> latest_;
    LaneSettingsObserver& observer_;
};

}  // namespace livepusher::pipeline
