// SPDX-License-Identifier: MIT
#pragma once

#include "play_arguments.hpp"
#include "stream_command.hpp"

#include <livepusher/player.hpp>

#include <memory>
#include <optional>
#include <string>

namespace program {

/// `livepusher play`: one stream from start to end. Everything here happens on the loop's thread; the library's handlers run
/// there too, because the loop is the context's executor.
class PlayCommand final : public StreamCommand {
public:
    explicit PlayCommand(PlayArguments arguments);
    ~PlayCommand();
    PlayCommand(const PlayCommand&) = delete;
    PlayCommand& operator=(const PlayCommand&) = delete;

    ExitCode run();

private:
    livepusher::PlayerHandlers handlers();
    void start();
    void onStartFailed(const livepusher::MethodResult& result);
    void noteCode(int code, const std::string& message);
    void onTick() override;
    void pressed(char key) override;
    void stopping() override { playExpected_ = false; }
    void started() override { playExpected_ = true; }
    void requestEnd(ExitCode code) override;
    ExitCode outcome();

    PlayArguments arguments_;
    std::unique_ptr<livepusher::LivePlayerContext> context_;
    std::optional<ControllablePlayer> player_;

    bool starting_ = true;       // start() has not been answered yet
    bool playExpected_ = false;  // a start succeeded, and nobody has asked to stop since
    bool ending_ = false;
    bool fullScreen_ = false;
    std::optional<EventLoop::Clock::time_point> began_;
    ExitCode exitCode_ = kDone;
    int failureCode_ = 0;  // of the last event that says that something is lost
    std::string failure_;
};

/// What `--print-config` shows.
std::string describeConfig(const PlayArguments& arguments);

}  // namespace program
