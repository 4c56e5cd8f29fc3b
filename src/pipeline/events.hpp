// SPDX-License-Identifier: MIT
#pragma once

#include "session/events.hpp"

#include <string>
#include <utility>

namespace livepusher::pipeline {

using Events = session::Events<Handlers>;

/// What one target has to tell. Its Events outlives it.
class TargetEvents {
public:
    TargetEvents(Events& events, std::string id) : events_(events), id_(std::move(id)) {}

    void code(Code code, std::string message) const { events_.code(code, std::move(message), id_); }  ///< as Events::code()
    void error(const Error& error) const { events_.error(error, id_); }                               ///< as Events::error()

private:
    Events& events_;
    const std::string id_;
};

}  // namespace livepusher::pipeline
