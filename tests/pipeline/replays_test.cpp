// SPDX-License-Identifier: MIT
#include "session_case.hpp"

namespace livepusher::testing {

class ReplaysTest : public SessionTest {
protected:
    SaveReplayOptions noting(const std::string& path) {
        return {.path = path,
                .success = [this](const MethodResult& r) { journal().note(r.errMsg); },
                .fail = [this](const MethodResult& r) { journal().note(std::to_string(r.errCode) + " " + r.errMsg); }};
    }
};

TEST_F(ReplaysTest, AreWrittenWhileThePushGoesOn) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.start();
    EXPECT_TRUE(journal().await("video key"));
    context.saveReplay(noting("replay.mp4"));
    EXPECT_TRUE(journal().await("replay key"));
    EXPECT_TRUE(journal().await("saveReplay:ok"));
    context.saveReplay(noting("replay.mp4"));
    EXPECT_TRUE(journal().await("saveReplay:ok", 2));
    EXPECT_EQ(context.state(), State::Pushing);
}

TEST_F(ReplaysTest, SayWhatTheyNeed) {
    auto properties = pushing();
    properties.replaySeconds = 0;
    LivePusherContext context(options(scene_, properties), fakeStages(scene_));
    context.saveReplay(noting("replay.mp4"));
    EXPECT_TRUE(journal().await("20002 saveReplay:fail the context is Idle; a replay is of a push that has begun"));
    context.start();
    EXPECT_TRUE(journal().await("video key"));
    context.saveReplay(noting("replay.mp4"));
    EXPECT_TRUE(journal().await("20002 saveReplay:fail nothing is kept: set replaySeconds before start()"));
    context.saveReplay(noting(""));
    EXPECT_TRUE(journal().await("20001 saveReplay:fail path \"\": must be that of a file to write"));
}

TEST_F(ReplaysTest, HaveNothingOfThePushBefore) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.start();
    EXPECT_TRUE(journal().await("video key"));
    context.stop();
    context.saveReplay(noting("replay.mp4"));
    EXPECT_TRUE(journal().await("20002 saveReplay:fail the context is Idle; a replay is of a push that has begun"));
}

}  // namespace livepusher::testing
