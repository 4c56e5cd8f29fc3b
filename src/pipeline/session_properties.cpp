// SPDX-License-Identifier: MIT
// What a session does with changed properties.
#include "pipeline/session.hpp"

#include "base/log.hpp"
#include "properties/renditions.hpp"
#include "properties/table.hpp"

#include <string>

namespace livepusher::pipeline {

Result<void> Session::check(const Properties& properties) const {
    if (auto valid = validate(properties); !valid) return valid;
    if (comesCoded())
        if (auto none = properties::checkNoRendition(properties); !none) return none;
    return stages_.checkEffects(properties);
}

Result<void> Session::update(const Properties& after) {
    const auto before = settings_.get()->properties;
    if (after == before) return {};
    if (auto valid = check(after); !valid) return valid;
    const auto* session = properties::changedForSession(before, after);
    if (session && isActive(phase_))
        return Error{Code::InvalidState, std::string(session->name) + ": can't change while pushing; stop() first"};
    if (isActive(phase_) && after.targets != before.targets)
        if (auto safe = Outputs::of(after, recordPath_, inputs(after)).check(); !safe) return safe;
    settings_.update([&](LaneSettings& s) {
        s.properties = after;
        s.resolved = resolve(after);
        s.audioCodecs = soundCodecs_.wanted(after);
        s.adapted = adaptation_.follow(s);
    });
    applyChange(before, after);
    if (push_ && (after.targets != before.targets || properties::asksForRendition(after))) push_->follow(after);
    if (session && phase_ == Phase::Previewing) {  // what the preview opened was made for other properties
        lanes_.close();
        if (auto opened = openLanes(); !opened) fail(opened.error());
    }
    autopush();
    return {};
}

void Session::applyChange(const Properties& before, const Properties& after) {
    if (after.debug) setLogLevel(LogLevel::Debug);
    if (after.enableMic != before.enableMic)
        events_.code(Code::EnableMicChanged, after.enableMic ? "enableMic is on" : "enableMic is off");
    if (after.muted != before.muted) events_.code(Code::MutedChanged, after.muted ? "muted" : "not muted any more");
    suspension_.propertiesChanged(before, after);
    audio_.follow();
    answerPendingStarts();
}

}  // namespace livepusher::pipeline
