// SPDX-License-Identifier: MIT
#include "reconnect_case.hpp"

namespace livepusher::testing {

TEST(Reconnect, EachConnectionBeginsWithHeadersAndAKeyFrameAndTimeGoesOn) {
    std::vector<Received> got;
    LoopbackServer server(
        [&](Peer& peer) {
            peer.accept();
            auto& now = got.emplace_back();
            now.take(peer, 60);
            peer.reset();
        },
        false, 3);
    {
        LinkRig rig(target(server.port()), {{30ms, 30ms}, false});
        EXPECT_TRUE(rig.journal.await("gave up"));
        server.wait();
        EXPECT_EQ(rig.journal.seen("1002"), 3U);
        EXPECT_EQ(rig.journal.seen("publishing"), 3U);
    }
    ASSERT_EQ(got.size(), 3U);
    for (std::size_t i = 0; i < got.size(); ++i) {
        SCOPED_TRACE(i);
        EXPECT_EQ(got[i].first(3), "mVA");
        const auto media = got[i].of("kda");
        if (i > 0) {
            EXPECT_EQ(media.front().what, 'k');
            EXPECT_GT(media.front().timestamp, got[i - 1].of("kda").back().timestamp);
        }
        for (std::size_t j = 1; j < media.size(); ++j) EXPECT_GE(media[j].timestamp, media[j - 1].timestamp);
    }
}

TEST(Reconnect, AttemptsUsedUpAreCountedAndEndedOnce) {
    int port = 0;
    {
        LoopbackServer gone([](Peer&) {});
        port = gone.port();
    }
    LinkRig rig(target(port), kSoon);
    EXPECT_TRUE(rig.journal.await("gave up"));
    rig.stop();
    const std::vector<std::string> expected{"3002", "1102", "3002", "1102", "3002", "1102", "3002", "-1307"};
    EXPECT_EQ(codes(rig), expected);
    EXPECT_EQ(rig.journal.seen("reconnecting: attempt 3 of 3 in 0.0 s"), 1U);
}

TEST(Reconnect, AGhostOfOursIsWaitedForThoughThePolicyIsShort) {
    std::atomic<int> number{0};
    Received last;
    LoopbackServer server(
        [&](Peer& peer) {
            if (++number == 2) {
                peer.untilPublish();
                peer.status("error", "NetStream.Publish.BadName", "Already publishing");
                peer.untilClosed();
                return;
            }
            peer.accept();
            last.take(peer, 10);
            number == 1 ? peer.reset() : last.takeAll(peer);
        },
        false, 3);
    LinkRig rig(target(server.port()), {{30ms}, false});
    ASSERT_TRUE(rig.journal.await("1002", 2));
    rig.stop();
    const std::vector<std::string> expected{"1001", "1002", "3005", "1102", "1001", "3004", "1102", "1001", "1002"};
    EXPECT_EQ(codes(rig), expected);
    EXPECT_EQ(rig.journal.seen("reconnecting: attempt 1 of 12 to get the stream's name back in 2.5 s"), 1U);
    server.wait();
    EXPECT_FALSE(last.byReset);
}

}  // namespace livepusher::testing
