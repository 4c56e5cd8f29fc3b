// SPDX-License-Identifier: MIT
#pragma once

#include "push_arguments.hpp"
#include "restart_policy.hpp"
#include "stream_command.hpp"

#include <livepusher/livepusher.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace program {

/// `livepusher push`: one push from start to end. Everything here happens on the loop's thread; the library's handlers run
/// there too, because the loop is the context's executor.
class PushCommand final : public StreamCommand {
public:
    explicit PushCommand(PushArguments arguments);
    ~PushCommand();
    PushCommand(const PushCommand&) = delete;
    PushCommand& operator=(const PushCommand&) = delete;

    ExitCode run();

private:
    livepusher::ContextOptions contextOptions();
    livepusher::Handlers handlers();
    void start();
    void onStarted();
    void onStartFailed(const livepusher::MethodResult& result);
    void onSourceEnded();
    void onTick() override;
    void noteFailure(int code, const std::string& message, const std::string& targetId);
    void stopping() override { pushExpected_ = restarting_ = false; }
    void started() override {
        pushExpected_ = true;
        restarting_ = false;
    }
    void pressed(char key) override;
    void changeBitrate(double factor);
    bool hasEndedItself() const;
    void noteEnd();
    void startAgain(int code);
    void requestEnd(ExitCode code) override;
    ExitCode outcome();

    PushArguments arguments_;
    std::unique_ptr<livepusher::LivePusherContext> context_;
    std::optional<ControllablePush> push_;

    bool starting_ = true;       // start() has not been answered yet
    bool pushExpected_ = false;  // a start succeeded, and nobody has asked to stop since
    bool endedItself_ = false;   // before anybody asked it to
    bool ending_ = false;
    bool restarting_ = false;  // --keep: it has ended, and starts again soon
    RestartPolicy restarts_;
    bool sourceEnded_ = false;
    std::optional<EventLoop::Clock::time_point> began_;  // first
    std::optional<EventLoop::Clock::time_point> lastBegan_;
    ExitCode exitCode_ = kDone;
    int failureCode_ = 0;  // of the last event that can end a push
    std::string failure_;
    std::string sourceFailure_;  // of the last source that broke off; the push may have gone on without it
    std::string targetFailure_;  // of the last target that gave up
};

/// What `--print-config` shows.
std::string describeConfig(const PushArguments& arguments);

}  // namespace program
