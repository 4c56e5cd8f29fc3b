// SPDX-License-Identifier: MIT
#include "reconnect_case.hpp"

namespace livepusher::testing {

TEST(Reconnect, AServerThatRefusesAndNamesAnotherIsNoLoss) {
    Log log;
    Received got;
    Gate flows;
    LoopbackServer second([&](Peer& peer) {
        peer.accept();
        got.take(peer, 10);
        flows.open();
        got.takeAll(peer);
    });
    LoopbackServer first([&](Peer& peer) {
        peer.untilPublish();
        sendOn(peer, address(second.port()));
        peer.untilClosed();
    });
    LinkRig rig(target(first.port()), {});
    ASSERT_TRUE(rig.journal.await("1002"));
    EXPECT_TRUE(log.await("redirects to rtmp://127.0.0.1:" + std::to_string(second.port()) + "/live/***"));
    flows.wait();
    rig.stop();
    second.wait();
    const std::vector<std::string> expected{"1001", "1001", "1002"};
    EXPECT_EQ(codes(rig), expected);
    EXPECT_EQ(got.first(3), "mVA");
}

TEST(Reconnect, ServersThatSendUsRoundInCirclesAreLeft) {
    std::atomic<int> connections{0};
    std::atomic<int> port{0};
    Gate known;
    LoopbackServer server(
        [&](Peer& peer) {
            ++connections;
            known.wait();
            peer.handshake();
            peer.next("connect");
            sendOn(peer, address(port));
            peer.untilClosed();
        },
        false, 20);
    port = server.port();
    known.open();
    LinkRig rig(target(server.port()), kSoon);
    EXPECT_TRUE(rig.journal.await("gave up"));
    rig.stop();
    EXPECT_EQ(connections, 6) << "the first, and five that it was sent to";
    EXPECT_EQ(rig.journal.seen("1102"), 0U);
    EXPECT_EQ(rig.journal.seen("3004"), 1U);
}

}  // namespace livepusher::testing
