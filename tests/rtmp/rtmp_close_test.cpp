// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "loopback_server.hpp"
#include "publisher_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;

TEST(RtmpClose, LeavesInOrderWithoutSayingThatTheStreamIsOver) {
    std::vector<std::string> commands;
    Peer::Closed closed{};
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        try {
            for (;;) commands.push_back(peer.next().command);
        } catch (const Peer::Closed& how) {
            closed = how;
        }
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    client.close(EndReason::Replaced);
    server.wait();
    EXPECT_EQ(commands, std::vector<std::string>{"deleteStream"});
    EXPECT_FALSE(closed.byReset);
}

TEST(RtmpClose, CancelsAtEveryMoment) {
    const struct {
        const char* what;
        std::function<void(Peer&)> before;
    } cases[] = {
        {"handshake", [](Peer& peer) { peer.read(1537); }},
        {"half a handshake",
         [](Peer& peer) {
             peer.read(1537);
             peer.send(Bytes{3} + Bytes(100, 0));
         }},
        {"connect",
         [](Peer& peer) {
             peer.handshake();
             peer.next("connect");
         }},
        {"createStream",
         [](Peer& peer) {
             peer.handshake();
             peer.answerConnect();
             peer.next("createStream");
         }},
        {"publish", &Peer::untilPublish},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        Gate there;
        Peer::Closed closed{};
        LoopbackServer server([&](Peer& peer) {
            c.before(peer);
            there.open();
            closed = peer.untilClosed();
        });
        Client client;
        client.settings.handshakeTimeout = client.settings.responseTimeout = 60s;
        std::thread cancelling([&] {
            there.wait();
            client.publisher->cancel();
        });
        const auto done = client.open(urlOf(server.port()));
        cancelling.join();
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, Code::Cancelled);
        client.close();
        server.wait();
        EXPECT_TRUE(closed.byReset);
    }
}

TEST(RtmpClose, CancelsAClose) {
    Gate stop;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        stop.wait();
    });
    Client client;
    client.settings.closeTimeout = 60s;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    std::thread closing([&] { client.close(); });  // waits for the server's end, which doesn't come
    client.publisher->cancel();
    closing.join();
    stop.open();
}

TEST(RtmpClose, GivesUpAnOrderlyCloseInTime) {
    Gate stop;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        stop.wait();
    });
    Client client;
    client.settings.closeTimeout = 100ms;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(client.write(sound(0, Bytes(5'000, 'x'))));
    client.close();
    stop.open();
}

TEST(RtmpClose, ResetsWithoutAFarewellAfterAFailure) {
    std::vector<std::string> after;
    Peer::Closed closed{};
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        peer.send(Bytes(100, 0xFF));
        try {
            for (;;) after.push_back(peer.next().command);
        } catch (const Peer::Closed& end) {
            closed = end;
        }
    });
    Client client;
    const auto done = client.open(urlOf(server.port()));
    if (done) client.failure();
    client.close();
    server.wait();
    EXPECT_TRUE(after.empty());
    EXPECT_TRUE(closed.byReset);
}

}  // namespace
}  // namespace livepusher::rtmp
