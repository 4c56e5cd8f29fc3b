// SPDX-License-Identifier: MIT
#pragma once

#include "control_socket.hpp"
#include "event_loop.hpp"
#include "exit_code.hpp"
#include "keys.hpp"
#include "reporter.hpp"
#include "requests.hpp"
#include "run_options.hpp"
#include "signals.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace program {

/// What `push` and `play` have in common while they run: one loop, on whose thread signals, keys, requests and the library's
/// events come together, and the way to an end. [main]
class StreamCommand : public RequestObserver, public KeyObserver {
public:
    StreamCommand(const StreamCommand&) = delete;
    StreamCommand& operator=(const StreamCommand&) = delete;

protected:
    explicit StreamCommand(const RunArguments& run);
    ~StreamCommand() = default;
    /// For the destructor of who derives from it, once its context, the last that logs and posts, is gone.
    void finish();

    /// Opens the control socket where one was asked for; `subject` outlives release(). False: it can't be had, as was told.
    bool openControl(Controllable& subject);
    void takeKeys() { keys_.emplace(loop_, *this); }
    /// Runs until the loop is told to quit; onTick() is called four times a second.
    void runLoop();
    /// No request and no key is taken any more.
    void release();
    /// Asks for the end after the duration that was asked for, counted from the first call.
    void limitDuration();

    /// Stops in order, and quits the loop when that is done.
    virtual void requestEnd(ExitCode code) = 0;
    virtual void onTick() = 0;
    void quit() override { requestEnd(kDone); }

    void call(Controllable& subject, const char* method, const Json& options = Json::object());
    void set(Controllable& subject, const Json& properties);
    livepusher::Executor executor() {
        return [this](EventLoop::Task task) { loop_.post(std::move(task)); };
    }

    const RunArguments run_;
    EventLoop loop_;  // outlives the context, which posts to it
    Signals signals_;
    Reporter reporter_;

private:
    void onSignal(int signal);
    void suspend();
    void answered(const Json& result);

    std::optional<Requests> requests_;
    std::optional<ControlSocket> control_;
    std::optional<Keys> keys_;
    bool interrupted_ = false;
    bool limited_ = false;  // the duration runs
};

}  // namespace program
