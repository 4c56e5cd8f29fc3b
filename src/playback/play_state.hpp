// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

namespace livepusher::playback {

enum class Stage {
    Idle,
    Connecting,  ///< nothing has come yet
    Loading,     ///< too little is there to play on
    Playing,
    Ended,  ///< played to the stream's end
};

/// Where a player stands. In Connecting, Loading and Playing it may be paused, and a connection may be lost: the buffer is
/// played out meanwhile.
struct PlayState {
    Stage stage = Stage::Idle;
    bool paused = false;
    bool reconnecting = false;
    bool ending = false;  ///< no more will come: what is there is the last
    constexpr bool operator==(const PlayState&) const = default;
};

enum class PlayInput {
    Start,
    Stop,
    Pause,
    Resume,
    Connected,
    Lost,       ///< the connection, or a try to make one; another follows
    GaveUp,     ///< no other follows
    Ready,      ///< enough is there: the clock runs
    Empty,      ///< all that was there has been played
    StreamEnd,  ///< the server says that it was the last
    MediaCame,  ///< after that, more has come all the same
};

/// A stream has been asked for and has not ended.
constexpr bool isActive(const PlayState& state) { return state.stage != Stage::Idle && state.stage != Stage::Ended; }

/// The whole state machine. Empty when `input` means nothing in `state`.
constexpr std::optional<PlayState> next(PlayState state, PlayInput input) {
    using enum Stage;
    if (input == PlayInput::Stop) return PlayState{};  // safe at any moment
    if (input == PlayInput::Start) return isActive(state) ? std::nullopt : std::optional(PlayState{.stage = Connecting});
    if (!isActive(state)) return std::nullopt;
    switch (input) {
        case PlayInput::Start:
        case PlayInput::Stop: break;
        case PlayInput::Pause:
        case PlayInput::Resume: {
            const bool pause = input == PlayInput::Pause;
            if (state.paused == pause) return std::nullopt;
            state.paused = pause;
            return state;
        }
        case PlayInput::Connected:
            if (state.stage == Connecting) state.stage = Loading;
            state.reconnecting = false;
            return state;
        case PlayInput::Lost:
            if (state.ending) return std::nullopt;  // nothing was to come
            state.reconnecting = true;
            return state;
        case PlayInput::GaveUp: return PlayState{};
        case PlayInput::Ready:
            if (state.stage != Loading) return std::nullopt;
            state.stage = Playing;
            return state;
        case PlayInput::Empty:
            if (state.stage == Connecting || state.paused) return std::nullopt;  // a pause is no stall
            if (state.ending) return PlayState{.stage = Ended};
            if (state.stage == Loading) return std::nullopt;
            state.stage = Loading;
            return state;
        case PlayInput::StreamEnd:
            if (state.stage == Connecting) return PlayState{.stage = Ended};
            state.ending = true;
            state.reconnecting = false;
            return state;
        case PlayInput::MediaCame:
            if (!state.ending) return std::nullopt;
            state.ending = false;
            return state;
    }
    return std::nullopt;
}

}  // namespace livepusher::playback
