// SPDX-License-Identifier: MIT
#pragma once

#include "methods.hpp"

#include <string>

namespace program {

/// Hears what the program itself must know of a request. [main]
class RequestObserver {
public:
    virtual void quit() = 0;      ///< end the program
    virtual void stopping() = 0;  ///< a stop is about to be called
    virtual void started() = 0;   ///< a start has succeeded

protected:
    ~RequestObserver() = default;
};

/// Answers the lines of the control socket. [main]
class Requests {
public:
    Requests(Controllable& subject, RequestObserver& observer) : subject_(subject), observer_(observer) {}

    /// One JSON object: {"method": …}, {"set": {…}} or {"get": …}. `sink` gets exactly one answer, also for nonsense; an "id" in
    /// the request comes back in it.
    void handle(const std::string& line, ResultSink sink);

private:
    Controllable& subject_;
    RequestObserver& observer_;
};

}  // namespace program
