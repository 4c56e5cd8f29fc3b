// SPDX-License-Identifier: MIT
#include <livepusher/events.hpp>

namespace livepusher {

std::string_view toString(State state) {
    switch (state) {
        case State::Idle: return "idle";
        case State::Previewing: return "previewing";
        case State::Connecting: return "connecting";
        case State::Pushing: return "pushing";
        case State::Paused: return "paused";
        case State::Reconnecting: return "reconnecting";
    }
    return "unknown";
}

}  // namespace livepusher
