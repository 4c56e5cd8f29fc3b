// SPDX-License-Identifier: MIT
#include <cerrno>

#include "client_case.hpp"

namespace livepusher::rtmp {
namespace {

TEST(ClientRefusal, EachAnswerHasItsTime) {
    Talk talk;
    const auto expectTimeout = [&](std::chrono::seconds in, Code code, const char* message) {
        ASSERT_TRUE(talk.client.nextTimeout()) << message;
        EXPECT_EQ(*talk.client.nextTimeout(), talk.now + in) << message;
        EXPECT_EQ(talk.client.timedOut().code, code);
        EXPECT_EQ(talk.client.timedOut().message, message);
        talk.now += in - 1s;  // the answer comes in time
    };
    expectTimeout(5s, Code::HandshakeFailed, "the server did not answer the RTMP handshake within 5 s");
    ASSERT_TRUE(talk.hear(serverHandshake()));
    expectTimeout(15s, Code::ServerClosed, "the server did not answer connect within 15 s");
    ASSERT_TRUE(talk.hear(message(2, 5, be(100'000, 4))));
    EXPECT_EQ(talk.client.nextTimeout(), talk.now + 1s) << "no answer to connect";
    ASSERT_TRUE(talk.hearCommand(kConnected));
    EXPECT_FALSE(talk.client.nextTimeout()) << "now it is we who wait";
    talk.client.publish(talk.now);
    expectTimeout(15s, Code::ServerClosed, "the server did not answer createStream within 15 s");
    ASSERT_TRUE(talk.hearCommand(kCreated));
    expectTimeout(15s, Code::ServerClosed, "the server did not answer publish within 15 s");
    ASSERT_TRUE(talk.hearCommand(kStarted));
    EXPECT_FALSE(talk.client.nextTimeout());
}

TEST(ClientRefusal, KnowsAServerOfAnotherProtocolByItsFirstByte) {
    Talk talk;
    const auto done = talk.hear(text("HTTP/1.1 400 Bad Request\r\n\r\n"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::HandshakeFailed);
    EXPECT_EQ(done.error().message, "the server does not speak RTMP: its first byte is 72, not 3");
}

TEST(ClientRefusal, PassesOnWhatTheServerSaysAndThatItTalksNonsense) {
    Talk refused;
    auto done = refused.to(Step::Asking).hearCommand(info("onStatus", 0, "error", "NetStream.Publish.BadName", "in use"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::ServerClosed);
    EXPECT_EQ(done.error().message, "the server refused publish: NetStream.Publish.BadName: in use");
    EXPECT_EQ(done.error().native, kNameInUse);
    Talk garbage;
    done = garbage.to(Step::Connecting).hear(Bytes(5000, 0x44));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::TransferFailed);
}

TEST(ClientRefusal, KeepsWhereItIsSentAndWhatLoginIsAsked) {
    AmfWriter elsewhere;
    elsewhere.string("_error").number(1).null().beginObject().member("level", "error");
    elsewhere.member("code", "NetConnection.Connect.Rejected").key("ex").beginObject();
    elsewhere.member("code", 302).member("redirect", "rtmp://other/app").endObject().endObject();
    Talk redirected;
    EXPECT_FALSE(redirected.to(Step::Connecting).hearCommand(elsewhere.bytes()));
    EXPECT_EQ(redirected.client.redirection(), "rtmp://other/app");
    Talk login;
    const char* question = "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ]";
    EXPECT_FALSE(login.to(Step::Connecting).hearCommand(info("_error", 1, "error", "NetConnection.Connect.Rejected", question)));
    EXPECT_EQ(login.client.loginAsked(), question);
}

TEST(ClientRefusal, SaysWhatTheServerOwedWhenItWent) {
    const Error closed{Code::ServerClosed, "the server closed the connection"};
    const Error reset{Code::TransferFailed, "receiving failed", ECONNRESET};
    const struct {
        Step step;
        const char* closedMessage;
        int closedNative, resetNative;
    } cases[] = {
        {Step::Connecting, "the server closed the connection instead of answering connect", 0, ECONNRESET},
        {Step::Creating, "the server closed the connection instead of answering createStream", 0, ECONNRESET},
        {Step::Asking, "the server closed the connection instead of answering publish; is the stream key right?",
         kClosedInSilence, kClosedInSilence},
        {Step::Accepted, "the server closed the connection", kClosedInSilence, ECONNRESET},
    };
    for (const auto& c : cases) {
        Talk talk;
        talk.to(c.step);
        EXPECT_EQ(talk.client.lost(closed).message, c.closedMessage);
        EXPECT_EQ(talk.client.lost(closed).native, c.closedNative) << c.closedMessage;
        EXPECT_EQ(talk.client.lost(reset).message, reset.message);
        EXPECT_EQ(talk.client.lost(reset).native, c.resetNative) << c.closedMessage;
    }
    Talk talk;
    EXPECT_EQ(talk.client.lost(closed).code, Code::HandshakeFailed);
    EXPECT_EQ(talk.client.lost(closed).message, "the RTMP handshake failed: the server closed the connection");
}

}  // namespace
}  // namespace livepusher::rtmp
