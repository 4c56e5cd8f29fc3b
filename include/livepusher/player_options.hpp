// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context_options.hpp>
#include <livepusher/error.hpp>
#include <livepusher/player_events.hpp>
#include <livepusher/player_properties.hpp>
#include <livepusher/preview.hpp>

#include <functional>
#include <string>

namespace livepusher {

/// Finds out where to play from: gets playUrl and gives the address in its place, or why there is none. Before each connection,
/// on a thread that may block.
using ResolveUrl = std::function<Result<std::string>(const std::string& playUrl)>;

/// What a player is made with.
struct PlayerOptions {
    PlayerProperties properties{};  ///< to begin with; update() and setProperty() change them later
    PlayerHandlers handlers{};      ///< who hears of what happens
    Executor executor{};            ///< where callbacks run; empty: an event thread of the library's own
    PreviewWindow window{.enabled = false, .title = "Player"};  ///< the picture in a window of the library's own
    ResolveUrl resolveUrl{};                                    ///< empty: playUrl is the address
    /// Also write what is received, as it came, to this .flv file, from start() to the end; empty: don't. A name that is taken
    /// is kept, and the next free one written. Code::FileBegan tells it.
    std::string recordPath{};
};

}  // namespace livepusher
