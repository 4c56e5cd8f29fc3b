// SPDX-License-Identifier: MIT
#include "session_case.hpp"

namespace livepusher::testing {

class MessageTest : public SessionTest {
protected:
    MessageOptions noting(const std::string& text) {
        return {.msg = text,
                .success = [this](const MethodResult&) { journal().note("ok"); },
                .fail = [this](const MethodResult& r) { journal().note("fail " + std::to_string(r.errCode) + " " + r.errMsg); }};
    }
};

TEST_F(MessageTest, AMessageGoesWithTheNextFrame) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    context.sendMessage(noting("hello"));
    EXPECT_TRUE(journal().await("ok"));
    EXPECT_TRUE(journal().await("message hello"));
}

TEST_F(MessageTest, APausedPushTakesMessagesToo) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    ASSERT_TRUE(journal().await("video delta"));
    context.pause();
    context.sendMessage(noting("still here"));
    EXPECT_TRUE(journal().await("message still here"));
}

TEST_F(MessageTest, LengthIsCheckedAndTold) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    start(context);
    context.sendMessage(noting(std::string(1024, 'x')));
    EXPECT_TRUE(journal().await("ok"));
    context.sendMessage(noting(std::string(1025, 'x')));
    EXPECT_TRUE(journal().await("fail 20001 sendMessage:fail msg of 1025 bytes: must be 1..1024 bytes"));
    context.sendMessage(noting(""));
    EXPECT_TRUE(journal().await("fail 20001 sendMessage:fail msg of 0 bytes: must be 1..1024 bytes"));
}

TEST_F(MessageTest, WithoutAPushItIsRefused) {
    LivePusherContext context(options(scene_), fakeStages(scene_));
    context.sendMessage(noting("nobody"));
    EXPECT_TRUE(journal().await("fail 20002 sendMessage:fail the context is Idle; a message goes out with a push only"));
}

TEST_F(MessageTest, APushWithoutPictureHasNoMessages) {
    auto p = pushing();
    p.enableCamera = false;
    LivePusherContext context(options(scene_, p), fakeStages(scene_));
    start(context);
    context.sendMessage(noting("nowhere"));
    EXPECT_TRUE(journal().await("fail 20002 sendMessage:fail this push has no picture: messages go with the pictures"));
}

}  // namespace livepusher::testing
