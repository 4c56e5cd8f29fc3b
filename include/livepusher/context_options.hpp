// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/events.hpp>
#include <livepusher/media.hpp>
#include <livepusher/preview.hpp>
#include <livepusher/properties.hpp>
#include <livepusher/sources.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace livepusher {

/// The application's own hand on the pictures, with the property enableVideoCustomRender. A handler
/// may change the frame's pixels (its memory is the handler's alone) or put another frame in its
/// place. Both run on threads of their own; the stream waits for one no longer than `budget` and
/// then goes on with the frame as it was, which NetStatus::renderLate counts.
struct VideoCustomRender {
    std::function<void(VideoFrame&)> onCaptured{};      ///< each captured frame, as the source gave it, before any effect
    std::function<void(VideoFrame&)> onBeforeEncode{};  ///< after all effects, in the pushed size; what preview and stream show
    std::chrono::milliseconds budget{0};                ///< for each of the two; 0: half the time between two frames
};

/// Runs one task soon, in order, never inside the call: an application's own event loop.
using Executor = std::function<void(std::function<void()> task)>;

/// What a context is made with.
struct ContextOptions {
    Properties properties{};           ///< to begin with; update() and setProperty() change them later
    Sources sources{};                 ///< where picture and sound come from
    Handlers handlers{};               ///< who hears of what happens
    VideoCustomRender customRender{};  ///< used with enableVideoCustomRender
    Executor executor{};               ///< where callbacks run; empty: an event thread of the library's own
    /// Also write what is pushed to this .mp4, .mkv, .ts or .flv file (any other name: FLV), from Code::PushBegan on; empty:
    /// don't. May have %Y, %m, %d, %H, %M and %S in it, as strftime() has them. Code::FileBegan tells it.
    std::string recordPath;
    /// All sources that can end have come to their end (never with loop); on the event thread. Not when one of them
    /// has failed (Code::SourceFailed): the push then ends by itself as soon as none lives.
    std::function<void()> onSourceEnded{};
    PreviewWindow window{};  ///< the local view in a window of the library's own
    /// Further files that are read, by their paths: no recording and no target may be one of them, as none of the sources
    /// and of the properties' files. For a piece that playBGM() is to play later, or a configuration.
    std::vector<std::string> alsoRead{};
};

}  // namespace livepusher
