// SPDX-License-Identifier: MIT
#pragma once

#include "methods.hpp"

#include <functional>
#include <string>

namespace program {

/// What the program itself must know of a request.
struct RequestHooks {
    std::function<void()> quit;      ///< end the program
    std::function<void()> stopping;  ///< a stop is about to be called
    std::function<void()> started;   ///< a start has succeeded
};

/// Answers the lines of the control socket. [main]
class Requests {
public:
    Requests(livepusher::LivePusherContext& context, RequestHooks hooks) : context_(context), hooks_(std::move(hooks)) {}

    /// One JSON object: {"method": …}, {"set": {…}} or {"get": …}. `sink` gets exactly one answer, also for nonsense; an "id" in
    /// the request comes back in it.
    void handle(const std::string& line, ResultSink sink);

private:
    livepusher::LivePusherContext& context_;
    RequestHooks hooks_;
};

}  // namespace program
