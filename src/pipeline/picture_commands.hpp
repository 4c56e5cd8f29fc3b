// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/lane_settings_store.hpp"
#include "pipeline/lanes.hpp"
#include "pipeline/preview.hpp"
#include "session/snapshots.hpp"

#include <string>

namespace livepusher::pipeline {

/// The methods that take something from the pictures of a push, or put it into them. Belongs to the control thread.
class PictureCommands {
public:
    PictureCommands(const Lanes& lanes, const Preview& preview, const LaneSettingsStore& settings);

    /// As Snapshots::take() replies.
    void snapshot(SnapshotQuality quality, SnapshotSource source, bool toFile, session::Snapshots::Reply reply);
    /// With the next frame. Errors: InvalidArgument, InvalidState.
    Result<void> sendMessage(std::string text);

private:
    const Lanes& lanes_;
    const Preview& preview_;
    const LaneSettingsStore& settings_;
    session::Snapshots snapshots_;
};

}  // namespace livepusher::pipeline
