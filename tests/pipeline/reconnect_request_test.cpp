// SPDX-License-Identifier: MIT
#include "reconnect_case.hpp"

namespace livepusher::testing {

TEST(Reconnect, AServerThatAsksIsLeftAtAKeyFrameAndNothingIsLostOrTwice) {
    Received before, after;
    Gate flows;
    LoopbackServer second([&](Peer& peer) {
        peer.accept();
        after.take(peer, 40);
        flows.open();
        after.takeAll(peer);
    });
    LoopbackServer first([&](Peer& peer) {
        peer.accept();
        before.take(peer, 40);
        askToReconnect(peer, address(second.port()));
        before.takeAll(peer);
    });
    LinkRig rig(target(first.port()), kSoon, enhanced());
    ASSERT_TRUE(rig.journal.await("1002", 2));
    first.wait();  // the goodbye has come
    flows.wait();
    rig.run([&] { EXPECT_EQ(rig.link().reconnects(), 1); });
    rig.stop();
    second.wait();
    const std::vector<std::string> expected{"1001", "1002", "1001", "1002"};
    EXPECT_EQ(codes(rig), expected);
    EXPECT_EQ(rig.journal.seen("interrupted"), 0U);

    EXPECT_FALSE(before.byReset);
    EXPECT_EQ(before.commands.back(), "deleteStream");
    EXPECT_EQ(std::ranges::count(before.commands, "FCUnpublish"), 0) << "the stream is not over";
    EXPECT_EQ(std::ranges::count(after.commands, "FCUnpublish"), 1);
    EXPECT_EQ(after.first(4), "mVAk");
    for (const char* track : {"kd", "a"}) {
        auto numbers = before.of(track);
        const auto there = after.of(track);
        numbers.insert(numbers.end(), there.begin(), there.end());
        for (std::size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(numbers[i].number, numbers[0].number + i) << track;
        for (std::size_t i = 1; i < numbers.size(); ++i) ASSERT_GE(numbers[i].timestamp, numbers[i - 1].timestamp) << track;
    }
}

TEST(Reconnect, TheStreamStaysWhereTheNextServerCannotBeReached) {
    Log log;
    int gone = 0;
    {
        LoopbackServer nobody([](Peer&) {});
        gone = nobody.port();
    }
    Gate refused;
    Received got;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        got.take(peer, 10);
        askToReconnect(peer, address(gone));
        refused.wait();
        got.take(peer, 200);
        got.takeAll(peer);
    });
    LinkRig rig(target(server.port()), kSoon, enhanced());
    EXPECT_TRUE(log.await("could not reconnect where the server asks for it: "));
    refused.open();
    EXPECT_TRUE(log.await("the stream stays with rtmp://127.0.0.1:" + std::to_string(server.port()) + "/live/***"));
    rig.stop();
    server.wait();
    const std::vector<std::string> expected{"1001", "1002"};
    EXPECT_EQ(codes(rig), expected);
    const auto pictures = got.of("kd");
    for (std::size_t i = 0; i < pictures.size(); ++i) ASSERT_EQ(pictures[i].number, pictures[0].number + i);
    EXPECT_EQ(got.commands.back(), "deleteStream");
}

TEST(Reconnect, AServerThatDiesAfterItsRequestIsReplacedByTheOneItNamed) {
    Gate reached, told, flows;
    Received after;
    LoopbackServer second([&](Peer& peer) {
        peer.handshake();
        reached.open();
        told.wait();
        peer.answerConnect();
        peer.answerCreateStream();
        peer.answerPublish();
        after.take(peer, 10);
        flows.open();
        after.takeAll(peer);
    });
    LoopbackServer first([&](Peer& peer) {
        peer.accept();
        Received().take(peer, 10);
        askToReconnect(peer, address(second.port()));
        reached.wait();
        peer.reset();
    });
    LinkRig rig(target(first.port()), kSoon, enhanced());
    ASSERT_TRUE(rig.journal.await("1102"));
    told.open();
    ASSERT_TRUE(rig.journal.await("1002", 2));
    flows.wait();
    rig.stop();
    second.wait();
    EXPECT_EQ(after.first(4), "mVAk");
    EXPECT_EQ(rig.journal.seen("reconnecting: attempt 1 of 3, under way already, to where the server asked for it"), 1U);
    EXPECT_EQ(rig.journal.seen("1102"), 1U);
}

TEST(Reconnect, ANewServerThatSendsUsOnIsFollowedAndTheFourthRequestIsNot) {
    Log log;
    std::vector<std::unique_ptr<LoopbackServer>> servers;
    Received last;
    Gate flows;
    servers.push_back(std::make_unique<LoopbackServer>([&](Peer& peer) {
        peer.accept();
        askToReconnect(peer, "");
        last.take(peer, 10);
        flows.open();
        last.takeAll(peer);
    }));
    for (int i = 0; i < 3; ++i) {
        const auto to = address(servers.back()->port());
        servers.push_back(std::make_unique<LoopbackServer>([to](Peer& peer) {
            peer.accept();
            askToReconnect(peer, to);
            Received().takeAll(peer);
        }));
    }
    LinkRig rig(target(servers.back()->port()), kSoon, enhanced());
    ASSERT_TRUE(rig.journal.await("1002", 4));
    EXPECT_TRUE(log.await("for the fourth time within a short while"));
    flows.wait();
    rig.stop();
    EXPECT_EQ(rig.journal.seen("1002"), 4U);
    EXPECT_EQ(rig.journal.seen("1102"), 0U);
    servers.clear();
    EXPECT_EQ(last.first(4), "mVAk");
}

// What is left of a connection that is over would show with many. LIVEPUSHER_TEST_RECONNECTS sets how many.

}  // namespace livepusher::testing
