// SPDX-License-Identifier: MIT
#include "session/events.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

namespace livepusher::session {

TEST(Events, ComeOneAtATimeInOrderOnAThreadOfTheirOwn) {
    std::vector<int> codes;
    std::thread::id thread;
    {
        Events<Handlers> events({.onStateChange =
                                     [&](const StateChangeEvent& e) {
                                         codes.push_back(e.code);
                                         thread = std::this_thread::get_id();
                                     }},
                                {});
        for (const auto code : {Code::Connected, Code::PushBegan, Code::FirstFrameCaptured}) events.code(code, "");
        events.close();
    }
    EXPECT_EQ(codes, (std::vector<int>{1001, 1002, 1007}));
    EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(Events, AnExecutorRunsThemAndNothingRunsAfterClose) {
    std::vector<std::function<void()>> tasks;
    int count = 0;
    Events<Handlers> events({.onStateChange = [&](const StateChangeEvent&) { ++count; }},
                            [&](std::function<void()> t) { tasks.push_back(std::move(t)); });
    events.code(Code::Connected, "");
    events.code(Code::PushBegan, "");
    EXPECT_EQ(count, 0);
    tasks[0]();
    EXPECT_EQ(count, 1);
    events.close();
    tasks[1]();
    EXPECT_EQ(count, 1);
}

TEST(Events, CloseWaitsForAHandlerThatRuns) {
    std::promise<void> inside;
    std::promise<void> release;
    std::thread loop;
    bool finished = false;
    Events<Handlers> events({.onStateChange =
                                 [&](const StateChangeEvent&) {
                                     inside.set_value();
                                     release.get_future().wait();
                                     finished = true;
                                 }},
                            [&](std::function<void()> t) { loop = std::thread(std::move(t)); });
    events.code(Code::Connected, "");
    inside.get_future().wait();
    std::thread releaser([&] { release.set_value(); });
    events.close();
    EXPECT_TRUE(finished);
    releaser.join();
    loop.join();
}

TEST(Events, TheContractsErrorsAreBothErrorAndStateChangeOthersAreOne) {
    std::vector<int> codes;
    std::vector<int> errors;
    Events<Handlers> events({.onStateChange = [&](const StateChangeEvent& e) { codes.push_back(e.code); },
                             .onError = [&](const ErrorEvent& e) { errors.push_back(e.errCode); }},
                            {});
    events.error({Code::CameraDenied, "denied"});
    events.error({Code::CameraFailed, "gone"});
    events.error({Code::SourceFailed, "no such file"});
    events.close();
    EXPECT_EQ(codes, (std::vector<int>{10001, -1301}));
    EXPECT_EQ(errors, (std::vector<int>{10001, 20005}));
}

TEST(Events, WhatIsTheEndOfAPushOrOfAFileIsAFailureAndNoMereResultOfACall) {
    std::vector<int> errors;
    Events<Handlers> events({.onError =
                                 [&](const ErrorEvent& e) {
                                     errors.push_back(e.errCode);
                                     EXPECT_EQ(describeCode(e.errCode)->severity, Severity::Failure) << e.errCode;
                                 }},
                            {});
    for (const auto code : {Code::SourceFailed, Code::FileFailed, Code::InternalFailure}) events.error({code, "out of memory"});
    events.close();
    EXPECT_EQ(errors, (std::vector<int>{20005, 20006, 20007}));
}

}  // namespace livepusher::session
