// SPDX-License-Identifier: MIT
#include "conversation_case.hpp"

namespace livepusher::rtmp {
namespace {

TEST(Conversation, GoesFromConnectToPublish) {
    auto talk = at(Step::Accepted);
    EXPECT_EQ(talk.streamId(), 7U);
}

TEST(Conversation, TakesTheStreamIdZeroAndNone) {
    for (const auto& answer : {AmfWriter().string("_result").number(4).null().number(0).bytes(),
                               AmfWriter().string("_result").number(4).null().bytes()}) {
        auto talk = at(Step::Creating);
        EXPECT_FALSE(say(talk, answer));
        EXPECT_EQ(talk.step(), Step::Asking);
        EXPECT_EQ(talk.streamId(), 0U);
        EXPECT_FALSE(say(talk, kStarted));
        EXPECT_EQ(talk.step(), Step::Accepted);
    }
}

TEST(Conversation, TakesAStartThatComesBeforeTheStreamIsCreated) {
    auto talk = at(Step::Creating);
    EXPECT_FALSE(say(talk, kStarted));
    EXPECT_EQ(talk.step(), Step::Creating) << "its number is wanted still";
    EXPECT_FALSE(say(talk, kCreated));
    EXPECT_EQ(talk.step(), Step::Accepted) << "it may not be said again";
    EXPECT_EQ(talk.streamId(), 7U);
    EXPECT_FALSE(say(talk, kStarted));
}

TEST(Conversation, TakesCommandsInAmf3Wrapping) {
    auto talk = at(Step::Connecting);
    EXPECT_FALSE(say(talk, Bytes{0} + kConnected, MessageType::CommandAmf3));
    EXPECT_EQ(talk.step(), Step::Creating);
    EXPECT_TRUE(say(talk, {}, MessageType::CommandAmf3));
}

TEST(Conversation, IgnoresWhatDoesNotConcernIt) {
    auto talk = at(Step::Creating);
    EXPECT_FALSE(say(talk, info("_error", 2, "error", "NetConnection.Call.Failed", "no releaseStream here")));
    EXPECT_FALSE(say(talk, info("_error", 3, "error", "NetConnection.Call.Failed", "no FCPublish here")));
    EXPECT_FALSE(say(talk, AmfWriter().string("onBWDone").number(0).null().bytes()));
    EXPECT_FALSE(say(talk, info("onFCPublish", 0, "status", "NetStream.Publish.Start", "")));
    EXPECT_FALSE(say(talk, AmfWriter().string("_result").number(2).null().bytes()));
    EXPECT_FALSE(say(talk, kConnected));
    EXPECT_FALSE(say(talk, Bytes(9, 0), MessageType::Video));
    EXPECT_FALSE(say(talk, Bytes{0, 0, 0, 0, 0, 1}, MessageType::UserControl));
    EXPECT_EQ(talk.step(), Step::Creating);
    EXPECT_TRUE(talk.takeReplies().empty());
}

struct Refusal {
    Step when;
    Bytes words;
    const char* message;
    bool permanent;
};

TEST(Conversation, TellsEveryRefusalInTheServersWords) {
    const Refusal cases[] = {
        {Step::Connecting, info("_error", 1, "error", "NetConnection.Connect.Rejected", "busy"),
         "the server refused connect: NetConnection.Connect.Rejected: busy", false},
        {Step::Connecting, info("_error", 1, "error", "NetConnection.Connect.Rejected", nullptr),
         "the server refused connect: NetConnection.Connect.Rejected", false},
        {Step::Connecting, AmfWriter().string("_error").number(1).bytes(), "the server refused connect without saying why",
         false},
        {Step::Connecting, info("_error", 1, "error", "NetConnection.Connect.InvalidApp", "no such app"),
         "the server refused connect: NetConnection.Connect.InvalidApp: no such app", true},
        {Step::Connecting,
         info("_error", 1, "error", "NetConnection.Connect.Rejected",
              "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : "),
         "the server refused connect: NetConnection.Connect.Rejected: [ AccessManager.Reject ] : [ code=403 need auth; "
         "authmod=adobe ] : ",
         true},
        {Step::Connecting, info("_result", 1, "error", "NetConnection.Connect.Rejected", "odd"),
         "the server refused connect: NetConnection.Connect.Rejected: odd", false},
        {Step::Connecting, info("onStatus", 0, "error", "NetConnection.Connect.Rejected", "odd"),
         "the server refused connect: NetConnection.Connect.Rejected: odd", false},
        {Step::Connecting, AmfWriter().string("close").number(0).null().bytes(), "the server refused connect without saying why",
         false},
        {Step::Creating, info("_error", 4, "error", "NetConnection.Call.Failed", "full"),
         "the server refused createStream: NetConnection.Call.Failed: full", false},
        {Step::Asking, info("onStatus", 0, "error", "NetStream.Publish.BadName", "Already publishing"),
         "the server refused publish: NetStream.Publish.BadName: Already publishing", false},
        {Step::Asking, info("onStatus", 0, "status", "NetStream.Publish.BadName", "not authenticated"),
         "the server refused publish: NetStream.Publish.BadName: not authenticated", true},
        {Step::Asking, info("onStatus", 0, "error", "NetStream.Publish.Denied", "no"),
         "the server refused publish: NetStream.Publish.Denied: no", true},
        {Step::Asking, info("onStatus", 0, "error", "NetStream.Publish.Unauthorized", ""),
         "the server refused publish: NetStream.Publish.Unauthorized", true},
        {Step::Asking, info("_error", 5, nullptr, nullptr, "no"), "the server refused publish: no", false},
        {Step::Asking, info("onStatus", 0, "error", "X", "stream k3y-of-mine?token=t0ken is taken"),
         "the server refused publish: X: stream *** is taken", false},
        {Step::Asking, info("onStatus", 0, "error", "NetStream.k3y-of-mine", "bad t0ken\n"),
         "the server refused publish: NetStream.***: bad *** ", false},
        {Step::Accepted, info("onStatus", 0, "error", "NetStream.Failed", "kicked"),
         "the server ended the stream: NetStream.Failed: kicked", false},
        {Step::Accepted, info("onStatus", 0, "status", "NetStream.Unpublish.Success", "over"),
         "the server ended the stream: NetStream.Unpublish.Success: over", false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.message);
        auto talk = at(c.when);
        const auto error = say(talk, c.words);
        ASSERT_TRUE(error);
        EXPECT_EQ(error->code, Code::ServerClosed);
        EXPECT_EQ(error->message, c.message);
        EXPECT_EQ(error->permanent, c.permanent);
    }
}

Bytes sendingTo(const char* command, const char* code, double number, const char* member, const char* to) {
    AmfWriter out;
    out.string(command).number(1).null().beginObject().member("level", "status").member("code", code);
    out.member("description", "go to rtmp://b/live/k3y?token=t0ken-of-theirs").key("ex").beginObject();
    return out.member("code", number).member(member, to).endObject().endObject().bytes();
}

TEST(Conversation, KeepsWhereARefusalSendsUs) {
    const char* rejected = "NetConnection.Connect.Rejected";
    const struct {
        Step when;
        Bytes words;
        const char* to;
    } cases[] = {
        {Step::Connecting, sendingTo("_error", rejected, 302, "redirect", "rtmp://b/live"), "rtmp://b/live"},
        {Step::Connecting, sendingTo("_result", rejected, 302, "redirect", "rtmp://b/live"), "rtmp://b/live"},
        {Step::Connecting, sendingTo("onStatus", rejected, 302, "redirect", "rtmp://b/live"), "rtmp://b/live"},
        {Step::Asking, sendingTo("onStatus", rejected, 302, "redirect", "rtmp://b/live"), "rtmp://b/live"},
        {Step::Asking, sendingTo("_error", rejected, 302, "redirect2", "rtmp://b/live/x"), "rtmp://b/live/x"},
        {Step::Creating, sendingTo("_error", "NetStream.Publish.Rejected", 302, "redirect", "//b"), "//b"},
        {Step::Connecting, sendingTo("_error", rejected, 404, "redirect", "rtmp://b/live"), ""},
        {Step::Connecting, sendingTo("_error", rejected, 302, "link", "rtmp://b/live"), ""},
    };
    for (const auto& c : cases) {
        auto talk = at(c.when);
        const auto error = say(talk, c.words);
        ASSERT_TRUE(error);
        EXPECT_EQ(error->code, Code::ServerClosed);
        EXPECT_FALSE(error->permanent);
        EXPECT_EQ(talk.redirection(), c.to);
        EXPECT_EQ(error->message.ends_with(": it names another server"), *c.to != '\0') << error->message;
        EXPECT_EQ(error->message.find("theirs") == std::string::npos, *c.to != '\0') << "another's secret";
    }
}

TEST(Conversation, TellsANameInUseFromOtherRefusals) {
    const struct {
        Step when;
        const char *code, *description;
        bool inUse;
    } cases[] = {
        {Step::Asking, "NetStream.Publish.BadName", "", true},
        {Step::Asking, "NetStream.Publish.BadName", "Already publishing", true},
        {Step::Asking, "NetStream.Publish.BadName", "not authenticated", false},
        {Step::Asking, "NetStream.Publish.Failed", "Stream is already in use.", true},
        {Step::Asking, "NetStream.Publish.Denied", "stream already exists", false},
        {Step::Asking, "NetStream.Publish.Failed", "disk full", false},
        {Step::Connecting, "NetConnection.Connect.Rejected", "in use", false},
        {Step::Accepted, "NetStream.Failed", "another one is already publishing", false},
    };
    for (const auto& c : cases) {
        auto talk = at(c.when);
        const auto error = say(talk, info("onStatus", 0, "error", c.code, c.description));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->native == kNameInUse, c.inUse) << c.code << " " << c.description;
    }
}

TEST(Conversation, TakesARequestToReconnectWhenItHasOfferedTo) {
    AmfWriter out;
    out.string("onStatus").number(0).null().beginObject().member("level", "status");
    out.member("code", "NetConnection.Connect.ReconnectRequest").member("tcUrl", "//next/live?token=abc");
    const auto request = out.member("description", "k3y-of-mine\nmoves").endObject().bytes();
    PublishingConversation talk({"k3y-of-mine?token=t0ken"}, EnhancedRtmp::require);
    EXPECT_FALSE(say(talk, request));
    const auto taken = talk.takeReconnectRequest();
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->tcUrl, "//next/live?token=abc");
    EXPECT_EQ(taken->words, "*** moves");
    EXPECT_FALSE(talk.takeReconnectRequest()) << "once";
    EXPECT_FALSE(say(talk, info("onStatus", 0, "status", "NetConnection.Connect.ReconnectRequest", nullptr)));
    EXPECT_EQ(talk.takeReconnectRequest()->tcUrl, "") << "the same again";

    auto plain = at(Step::Accepted);
    EXPECT_FALSE(say(plain, request));
    EXPECT_FALSE(plain.takeReconnectRequest());
    EXPECT_EQ(plain.step(), Step::Accepted);
}

TEST(Conversation, CallsNonsenseByItsName) {
    const struct {
        MessageType type;
        Bytes body;
    } cases[] = {
        {MessageType::Command, {}},
        {MessageType::Command, {0, 1}},
        {MessageType::Command, AmfWriter().number(1).bytes()},
        {MessageType::UserControl, {}},
        {MessageType::UserControl, {0}},
        {MessageType::UserControl, {0, 6, 1, 2, 3}},
        {MessageType::Acknowledgement, {}},
        {MessageType::WindowAckSize, {1, 2, 3}},
        {MessageType::SetPeerBandwidth, {}},
    };
    for (const auto& c : cases) {
        auto talk = at(Step::Creating);
        const auto error = say(talk, c.body, c.type);
        ASSERT_TRUE(error) << static_cast<int>(c.type);
        EXPECT_EQ(error->code, Code::TransferFailed);
    }
    for (const double id : {-1.0, 4294967296.0, 0.0 / 0.0}) {
        auto talk = at(Step::Creating);
        EXPECT_TRUE(say(talk, AmfWriter().string("_result").number(4).null().number(id).bytes())) << id;
    }
}

TEST(Conversation, AnswersPings) {
    auto talk = at(Step::Accepted);
    EXPECT_FALSE(say(talk, {0, 6, 1, 2, 3, 4}, MessageType::UserControl));
    const auto replies = talk.takeReplies();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].type, MessageType::UserControl);
    EXPECT_EQ(Bytes(replies[0].body().begin(), replies[0].body().end()), (Bytes{0, 7, 1, 2, 3, 4}));
    EXPECT_TRUE(talk.takeReplies().empty());
}

TEST(Conversation, OwesAFloodOfPingsNoMoreThanAFewAnswers) {
    auto talk = at(Step::Accepted);
    for (std::uint64_t i = 0; i < 10000; ++i) EXPECT_FALSE(say(talk, Bytes{0, 6} + be(i, 4), MessageType::UserControl));
    const auto replies = talk.takeReplies();
    EXPECT_LE(replies.size(), 64U);
    EXPECT_EQ(Bytes(replies.back().body().begin(), replies.back().body().end()), (Bytes{0, 7} + be(9999, 4)))
        << "the newest is answered";
}

TEST(Conversation, AcknowledgesWhenTheWindowIsFull) {
    auto talk = at(Step::Accepted);
    talk.received(1000);
    EXPECT_TRUE(talk.takeReplies().empty()) << "no window yet";
    EXPECT_FALSE(say(talk, be(1500, 4), MessageType::WindowAckSize));
    talk.received(499);
    EXPECT_TRUE(talk.takeReplies().empty());
    talk.received(1);
    const auto replies = talk.takeReplies();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].type, MessageType::Acknowledgement);
    EXPECT_EQ(Bytes(replies[0].body().begin(), replies[0].body().end()), be(1500, 4));
    talk.received(1499);
    EXPECT_TRUE(talk.takeReplies().empty());
}

TEST(Conversation, AnswersAPeerBandwidthWithItsWindow) {
    auto talk = at(Step::Connecting);
    EXPECT_FALSE(say(talk, be(2500000, 4) + Bytes{2}, MessageType::SetPeerBandwidth));
    const auto replies = talk.takeReplies();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].type, MessageType::WindowAckSize);
}

}  // namespace
}  // namespace livepusher::rtmp
