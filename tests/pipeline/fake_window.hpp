// SPDX-License-Identifier: MIT
#pragma once

#include "fake_desktop.hpp"
#include "fakes.hpp"

#include <utility>

namespace livepusher::testing {

/// The fakes, with a window.
inline pipeline::Stages stagesWithWindow(Scene& scene, std::shared_ptr<Desktop> desktop) {
    auto stages = fakeStages(scene);
    stages.window = windowsOn(std::move(desktop));
    return stages;
}

/// The journal's options, with a window and what happens to picture-in-picture.
inline ContextOptions optionsWithWindow(Scene& scene, Properties properties = pushing()) {
    auto o = options(scene, std::move(properties));
    o.window = {.enabled = true, .title = "me", .width = 0, .height = 0};
    o.handlers.onEnterPictureInPicture = [&scene] { scene.journal.note("entered"); };
    o.handlers.onLeavePictureInPicture = [&scene] { scene.journal.note("left"); };
    return o;
}

}  // namespace livepusher::testing
