// SPDX-License-Identifier: MIT
#include "client_case.hpp"

namespace livepusher::rtmp {
namespace {

Bytes command(const Bytes& body, std::uint32_t stream = 0, std::size_t chunk = 4096) {
    return message(3, 20, body, stream, chunk);
}

FlvTag tag(FlvTagType type, std::uint64_t time, const Bytes& data, Bytes head = {}) {
    FlvTag out{.type = type, .timestamp = time, .headSize = head.size(), .data = data};
    std::copy(head.begin(), head.end(), out.headBytes.begin());
    return out;
}

TEST(Client, BeginsWithTheVersionATimeAndZeros) {
    Talk talk;
    const auto said = talk.said();
    ASSERT_EQ(said.size(), 1537U);
    EXPECT_EQ(Bytes(said.begin(), said.begin() + 9), (Bytes{3} + be(3'600'000, 4) + Bytes(4, 0)));
    EXPECT_NE(Bytes(said.begin() + 9, said.begin() + 17), Bytes(8, said[9])) << "random bytes";
}

TEST(Client, AnswersTheHandshakeInAnyPortionsAndConnects) {
    for (const std::size_t portion : {1U, 700U, 1536U, 1537U, 3073U}) {
        SCOPED_TRACE(portion);
        Talk talk;
        talk.said();
        const auto answer = serverHandshake();
        for (std::size_t at = 0; at < answer.size(); at += portion) {
            const auto end = std::min(at + portion, answer.size());
            EXPECT_FALSE(talk.client.connected());
            ASSERT_TRUE(
                talk.hear({answer.begin() + static_cast<std::ptrdiff_t>(at), answer.begin() + static_cast<std::ptrdiff_t>(end)}));
            const std::size_t echo = end > 1536 ? 1536 : 0;
            if (end < answer.size()) {
                EXPECT_EQ(talk.client.output().size(), echo) << "after " << end;
            }
        }
        EXPECT_EQ(talk.said(), Bytes(1536, 0x11) + command(connectCommand(kUrl), 0, 128));
    }
}

TEST(Client, TakesWhatComesInOneBreathWithTheHandshake) {
    Talk talk;
    ASSERT_TRUE(talk.hear(serverHandshake() + message(3, 20, kConnected)));
    EXPECT_TRUE(talk.client.connected());
}

TEST(Client, SpeaksOfTheStreamOnlyWhenToldTo) {
    Talk talk;
    talk.to(Step::Creating);
    EXPECT_TRUE(talk.client.connected());
    EXPECT_EQ(talk.client.nextTimeout(), std::nullopt);
    talk.client.publish(talk.now);
    EXPECT_EQ(talk.said(), message(2, 1, be(4096, 4)) + command(releaseStreamCommand(kStreamKey)) +
                               command(fcPublishCommand(kStreamKey)) + command(createStreamCommand()));
    ASSERT_TRUE(talk.hearCommand(kCreated));
    EXPECT_EQ(talk.said(), command(publishCommand(kStreamKey), 7));
    EXPECT_FALSE(talk.client.accepted());
    ASSERT_TRUE(talk.hearCommand(kStarted));
    EXPECT_TRUE(talk.client.accepted());
    EXPECT_TRUE(talk.said().empty());
}

TEST(Client, PublishesAlsoWhenTheStreamHasBegunAlreadyAndOnStreamZero) {
    const auto zero = AmfWriter().string("_result").number(4).null().number(0).bytes();
    Talk early;
    early.to(Step::Creating).client.publish(early.now);
    early.said();
    ASSERT_TRUE(early.hearCommand(kStarted));
    EXPECT_FALSE(early.client.accepted());
    ASSERT_TRUE(early.hearCommand(zero));
    EXPECT_EQ(early.said(), command(publishCommand(kStreamKey), 0));
    EXPECT_TRUE(early.client.accepted()) << "it may not be said again";

    Talk unasked;  // a server that gives the stream before it is asked for one
    unasked.to(Step::Creating);
    ASSERT_TRUE(unasked.hearCommand(kCreated));
    EXPECT_TRUE(unasked.said().empty());
    unasked.client.publish(unasked.now);
    const auto said = unasked.said();
    const auto publish = command(publishCommand(kStreamKey), 7);
    ASSERT_GT(said.size(), publish.size());
    EXPECT_EQ(Bytes(said.end() - static_cast<std::ptrdiff_t>(publish.size()), said.end()), publish);
}

TEST(Client, SendsTagsAsMessagesOfTheStream) {
    Talk talk;
    talk.to(Step::Accepted);
    const Bytes data = Bytes(5000, 'x');
    ASSERT_TRUE(talk.client.write(tag(FlvTagType::Video, 0x1000000, data, {0x27, 1})));
    const Bytes again = Bytes{0xC6} + be(0x1000000, 4);
    EXPECT_EQ(talk.said(), (fullHeader(6, 0x1000000, 5002, 9, 7) + Bytes{0x27, 1} + Bytes(4094, 'x') + again + Bytes(906, 'x')));
    ASSERT_TRUE(talk.client.write(tag(FlvTagType::Audio, std::uint64_t{1} << 32 | 40, data, {0xAF, 1})));
    EXPECT_EQ(talk.said(), (fullHeader(4, 40, 5002, 8, 7) + Bytes{0xAF, 1} + Bytes(4094, 'x') + Bytes{0xC4} + Bytes(906, 'x')));
    ASSERT_TRUE(talk.client.write(tag(FlvTagType::Script, 0, text("onMetaData"))));
    const auto dataFrame = AmfWriter().string("@setDataFrame").bytes();
    EXPECT_EQ(talk.said(), message(5, 18, dataFrame + text("onMetaData"), 7));
    const Bytes large(0x1000000 - 2, 0);
    const auto done = talk.client.write(tag(FlvTagType::Video, 0, large, {0x27, 1}));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "a packet of 16777216 bytes: RTMP takes less than 16 MiB");
    EXPECT_TRUE(talk.said().empty());
}

TEST(Client, AnswersPingsAndAcknowledgesBetweenWholeMessages) {
    Talk talk;
    talk.to(Step::Accepted);
    const Bytes data(9000, 'x');
    ASSERT_TRUE(talk.client.write(tag(FlvTagType::Audio, 0, data, {0xAF, 1})));
    talk.said();
    ASSERT_TRUE(talk.hear(message(2, 4, Bytes{0, 6} + be(77, 4))));
    EXPECT_EQ(talk.said(), message(2, 4, Bytes{0, 7} + be(77, 4)));
    ASSERT_TRUE(talk.hear(message(2, 6, be(5'000'000, 4) + Bytes{2})));
    EXPECT_EQ(talk.said(), message(2, 5, be(5'000'000, 4))) << "its window back";
    ASSERT_TRUE(talk.hear(message(2, 5, be(2000, 4))));
    const auto acknowledgement = talk.said();
    ASSERT_EQ(acknowledgement.size(), 16U);
    EXPECT_EQ(acknowledgement[7], 3) << "more than 3073 bytes have come";
}

TEST(Client, SaysGoodbyeInOrderAndHearsNothingAnyMore) {
    for (const bool ends : {true, false}) {
        Talk talk;
        talk.to(Step::Accepted).client.end(ends);
        EXPECT_EQ(talk.said(), (ends ? command(fcUnpublishCommand(kStreamKey)) : Bytes{}) + command(deleteStreamCommand(7)));
        EXPECT_TRUE(talk.hearCommand(info("onStatus", 0, "status", "NetStream.Unpublish.Success", "")));
        EXPECT_TRUE(talk.hear(Bytes(100, 0xFF)));
    }
}

TEST(Client, KeepsARequestToReconnectUntilItIsTaken) {
    Talk talk({.enhanced = EnhancedRtmp::require});
    talk.to(Step::Creating);
    ASSERT_TRUE(talk.hearCommand(info("onStatus", 0, "status", "NetConnection.Connect.ReconnectRequest", "k3y-of-mine moves")));
    EXPECT_EQ(talk.client.takeReconnectRequest()->words, "*** moves");
    EXPECT_FALSE(talk.client.takeReconnectRequest());
}

}  // namespace
}  // namespace livepusher::rtmp
