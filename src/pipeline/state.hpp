// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/events.hpp>

#include <optional>

namespace livepusher::pipeline {

/// State, told apart further where the next step differs.
enum class Phase { Idle, Previewing, Connecting, Pushing, Paused, Reconnecting, ReconnectingPaused };

enum class Input { Start, Stop, Pause, Resume, StartPreview, StopPreview, Connected, Lost, GaveUp };

/// The whole state machine. Empty when `input` means nothing in `phase`.
constexpr std::optional<Phase> next(Phase phase, Input input) {
    using enum Phase;
    switch (input) {
        case Input::Start:
            if (phase == Idle || phase == Previewing) return Connecting;
            break;
        case Input::Stop: return Idle;  // safe at any moment
        case Input::Pause:
            if (phase == Pushing) return Paused;
            if (phase == Reconnecting) return ReconnectingPaused;
            break;
        case Input::Resume:
            if (phase == Paused) return Pushing;
            if (phase == ReconnectingPaused) return Reconnecting;
            break;
        case Input::StartPreview: return phase == Idle ? Previewing : phase;
        case Input::StopPreview:
            if (phase == Previewing) return Idle;
            if (phase != Idle) return phase;
            break;
        case Input::Connected:
            if (phase == Connecting || phase == Reconnecting) return Pushing;
            if (phase == ReconnectingPaused) return Paused;
            break;
        case Input::Lost:
            if (phase == Connecting) return Connecting;
            if (phase == Pushing || phase == Reconnecting) return Reconnecting;
            if (phase == Paused || phase == ReconnectingPaused) return ReconnectingPaused;
            break;
        case Input::GaveUp: return Idle;
    }
    return std::nullopt;
}

constexpr State publicState(Phase phase) {
    using enum Phase;
    switch (phase) {
        case Idle: return State::Idle;
        case Previewing: return State::Previewing;
        case Connecting: return State::Connecting;
        case Pushing: return State::Pushing;
        case Paused: return State::Paused;
        case Reconnecting:
        case ReconnectingPaused: break;
    }
    return State::Reconnecting;
}

/// A push has been asked for and not ended.
constexpr bool isActive(Phase phase) { return phase != Phase::Idle && phase != Phase::Previewing; }

static_assert(next(Phase::Idle, Input::Start) == Phase::Connecting);
static_assert(!next(Phase::Idle, Input::Pause) && !next(Phase::Connecting, Input::Pause));
static_assert(next(next(Phase::Paused, Input::Lost).value(), Input::Connected) == Phase::Paused);
static_assert(next(Phase::Idle, Input::Stop) == Phase::Idle && !next(Phase::Pushing, Input::Start));

}  // namespace livepusher::pipeline
