// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "pipeline/state.hpp"

#include <span>
#include <string_view>

namespace livepusher::pipeline {

/// Every method that an application can call on a context.
enum class Method {
    Start,
    Stop,
    Pause,
    Resume,
    StartPreview,
    StopPreview,
    SwitchCamera,
    ToggleTorch,
    Snapshot,
    PlayBgm,
    PauseBgm,
    ResumeBgm,
    StopBgm,
    SeekBgm,
    SetBgmVolume,
    SetMicVolume,
    SetZoom,
    GetMaxZoom,
    SendMessage,
    SaveReplay,
    EnterPictureInPicture,
    ExitPictureInPicture,
    HostNavigated,
    EnterBackground,
    ExitBackground,
    BeginInterruption,
    EndInterruption,
    AddTarget,
    RemoveTarget,
    UpdateTarget,
    Update,
    SetProperty,
};

/// Set of phases, a bit each.
using Phases = unsigned;
constexpr Phases phases(auto... phase) { return (0U | ... | (1U << static_cast<unsigned>(phase))); }

/// One row of the table of methods and states, from which the checks, docs/methods.md and the test
/// that walks all of it are made.
struct MethodRule {
    Method method;
    std::string_view name;
    Phases allowed;
    std::string_view need;    ///< said where it is refused
    std::string_view effect;  ///< what it does to the state, for docs
    std::string_view also;    ///< what else it needs, for docs
};

/// All of them, in the order of the enum.
std::span<const MethodRule> methodRules();
inline const MethodRule& rule(Method method) { return methodRules()[static_cast<std::size_t>(method)]; }

/// Errors: InvalidState.
Result<void> permit(Method method, Phase phase);

/// For people: "Reconnecting, paused".
std::string_view toString(Phase phase);

}  // namespace livepusher::pipeline
