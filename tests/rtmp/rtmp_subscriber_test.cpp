// SPDX-License-Identifier: MIT
#include "rtmp/subscribers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "flv/amf.hpp"
#include "flv/amf_writer.hpp"
#include "gate.hpp"
#include "loopback_server.hpp"
#include "subscriber_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace std::chrono_literals;
using test::be;
using test::Bytes;
using test::fullHeader;
using test::LoopbackServer;
using test::message;
using test::Peer;
using test::Player;
using test::text;
using test::operator+;

const Bytes kConfigTag = Bytes{0x17, 0, 0, 0, 0} + text("avcC");

std::string playUrl(int port) { return "rtmp://127.0.0.1:" + std::to_string(port) + "/live/s3cr3t-key?token=t0ken-value"; }

Bytes frame(const std::string& data, bool key = true) {
    return message(6, 9, Bytes{static_cast<std::uint8_t>(key ? 0x17 : 0x27), 1, 0, 0, 0} + text(data), 1);
}

Peer::Message untilPlay(Peer& peer) {
    peer.handshake();
    peer.answerConnect();
    peer.answerCreateStream();
    return peer.next("play");
}

void acceptPlay(Peer& peer) {
    untilPlay(peer);
    peer.status("status", "NetStream.Play.Start", "Start live");
}

Player makePlayer() { return Player(makeRtmpSubscriber()); }

TEST(RtmpSubscriber, PlaysWhatComesInItsOrderToItsEnd) {
    std::vector<std::string> goodbye;
    LoopbackServer server([&](Peer& peer) {
        acceptPlay(peer);
        peer.send(message(2, 4, Bytes{0, 0} + be(1, 4)) + message(6, 9, kConfigTag, 1) + frame("key") + frame("delta", false));
        peer.send(message(2, 4, Bytes{0, 1} + be(1, 4)) + frame("again"));
        peer.status("status", "NetStream.Play.Stop", "over");
        goodbye.push_back(peer.next("deleteStream").command);
        EXPECT_FALSE(peer.untilClosed().byReset);
    });
    auto player = makePlayer();
    ASSERT_TRUE(player.open(playUrl(server.port())));
    EXPECT_EQ(player.events, (std::vector<std::string>{"connected", "playing"}));
    const auto state = player.run();
    ASSERT_TRUE(state) << state.error().message;
    EXPECT_EQ(*state, Subscriber::State::Ended);
    ASSERT_EQ(player.packets.size(), 4U);
    EXPECT_EQ(player.bytes(0), text("avcC"));
    EXPECT_EQ(player.bytes(2), text("delta"));
    EXPECT_EQ(player.bytes(3), text("again"));
    EXPECT_EQ(player.events, (std::vector<std::string>{"connected", "playing", "began", "left"}));
    const auto figures = player.subscriber->statistics();
    EXPECT_EQ(figures.serverIp, "127.0.0.1");
    EXPECT_GT(figures.bytesReceived, 3073U);
    player.subscriber->close();
    server.wait();
    EXPECT_EQ(goodbye, (std::vector<std::string>{"deleteStream"}));
}

TEST(RtmpSubscriber, ReturnsWhenItIsWokenOrItsTimeIsOver) {
    test::Gate over;
    LoopbackServer server([&](Peer& peer) {
        acceptPlay(peer);
        peer.send(message(6, 9, kConfigTag, 1) + frame("key"));
        over.wait();
    });
    auto player = makePlayer();
    player.enough = 2;
    ASSERT_TRUE(player.open(playUrl(server.port())));
    const auto woken = player.run();
    ASSERT_TRUE(woken);
    EXPECT_EQ(*woken, Subscriber::State::Playing);
    player.wake.drain();
    const auto late = player.subscriber->run(Subscriber::Clock::now(), player.wake, player);
    ASSERT_TRUE(late);
    EXPECT_EQ(*late, Subscriber::State::Playing);
    over.open();
    player.subscriber->close();
}

TEST(RtmpSubscriber, HandsOverWhatCameBeforeAFailure) {
    LoopbackServer server([](Peer& peer) {
        acceptPlay(peer);
        peer.send(message(6, 9, kConfigTag, 1) + frame("last") + fullHeader(5, 0, 0x900000, 9, 1));
        peer.untilClosed();
    });
    auto player = makePlayer();
    ASSERT_TRUE(player.open(playUrl(server.port())));
    const auto state = player.run();
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, Code::TransferFailed);
    ASSERT_EQ(player.packets.size(), 2U);
    EXPECT_EQ(player.bytes(1), text("last"));
    player.subscriber->close();
}

TEST(RtmpSubscriber, TakesWhatDripsInAndTimesThatJumpAsTheyAre) {
    const std::vector<std::uint32_t> times{0xFFFFFFF0, 5, 0, 0x7FFFFFFF, 1'000, 0xFFFFFF};
    LoopbackServer server([&](Peer& peer) {
        acceptPlay(peer);
        Bytes all = message(6, 9, kConfigTag, 1);
        for (const auto time : times) all = all + fullHeader(6, time, 6, 9, 1) + Bytes{0x27, 1, 0, 0, 0, 'x'};
        for (const auto byte : all) peer.send({byte});
        peer.status("status", "NetStream.Play.Stop", "over");
        peer.untilClosed();
    });
    auto player = makePlayer();
    ASSERT_TRUE(player.open(playUrl(server.port())));
    ASSERT_TRUE(player.run());
    ASSERT_EQ(player.packets.size(), times.size() + 1);
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(player.packets[i + 1].dts, Timestamp(std::int64_t{times[i]} * 1000));
    player.subscriber->close();
}

TEST(RtmpSubscriber, ReportsARequestToReconnectWhereThatWasOffered) {
    for (const bool offered : {true, false}) {
        LoopbackServer server([&](Peer& peer) {
            acceptPlay(peer);
            AmfWriter out;
            out.string("onStatus").number(0).null().beginObject().member("code", "NetConnection.Connect.ReconnectRequest");
            out.member("description", "s3cr3t-key moves").member("tcUrl", "rtmp://127.0.0.1/live").endObject();
            peer.send(message(3, 20, out.bytes()) + message(6, 9, kConfigTag, 1) + frame("goes on"));
            peer.untilClosed();
        });
        auto player = makePlayer();
        player.settings.enhancedRtmp = offered;
        player.enough = 2;
        ASSERT_TRUE(player.open(playUrl(server.port())));
        ASSERT_TRUE(player.run());
        EXPECT_EQ(player.has("reconnect *** moves"), offered);
        player.subscriber->close();
    }
}

TEST(RtmpSubscriber, TellsHowItFails) {
    const struct {
        LoopbackServer::Script script;
        Code code;
        const char* says;
    } cases[] = {
        {[](Peer& peer) { peer.close(); }, Code::HandshakeFailed, "handshake failed"},
        {[](Peer& peer) { peer.send(text("HTTP/1.1 400 Bad Request\r\n\r\n")), peer.untilClosed(); }, Code::HandshakeFailed,
         "not 3"},
        {[](Peer& peer) { untilPlay(peer), peer.close(); }, Code::ServerClosed, "instead of answering play"},
        {[](Peer& peer) {
             untilPlay(peer);
             peer.status("error", "NetStream.Play.StreamNotFound", "no s3cr3t-key?token=t0ken-value");
             peer.untilClosed();
         },
         Code::ServerClosed, "refused play: NetStream.Play.StreamNotFound: no ***"},
        {[](Peer& peer) {
             peer.handshake();
             peer.next("connect");
             AmfWriter out;
             out.string("_error").number(1).null().beginObject().member("level", "error");
             out.member("code", "NetConnection.Connect.Rejected").key("ex").beginObject().member("code", 302.0);
             out.member("redirect", "rtmp://elsewhere.example/live").endObject().endObject();
             peer.send(message(3, 20, out.bytes()));
             peer.untilClosed();
         },
         Code::ServerClosed, "names another server"},
    };
    for (const auto& c : cases) {
        LoopbackServer server(c.script);
        auto player = makePlayer();
        const auto done = player.open(playUrl(server.port()));
        ASSERT_FALSE(done) << c.says;
        EXPECT_EQ(done.error().code, c.code);
        EXPECT_NE(done.error().message.find(c.says), std::string::npos) << done.error().message;
        EXPECT_FALSE(player.has("playing"));
        EXPECT_EQ(player.redirectedTo, std::string(c.says).find("another") == 6 ? "rtmp://elsewhere.example/live" : "");
        player.subscriber->close();
    }
}

TEST(RtmpSubscriber, FailsWhereAServerSendsNoMedia) {
    LoopbackServer server([](Peer& peer) {
        acceptPlay(peer);
        peer.untilClosed();
    });
    auto player = makePlayer();
    player.settings.dataTimeout = 50ms;
    ASSERT_TRUE(player.open(playUrl(server.port())));
    const auto state = player.run();
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, Code::TransferFailed);
    EXPECT_NE(state.error().message.find("no media"), std::string::npos) << state.error().message;
    player.subscriber->close();
}

TEST(RtmpSubscriber, IsCancelledWhereverItWaits) {
    for (const bool plays : {false, true}) {
        test::Gate reached;
        LoopbackServer server([&](Peer& peer) {
            if (plays)
                acceptPlay(peer);
            else
                untilPlay(peer);
            reached.open();
            peer.untilClosed();
        });
        auto player = makePlayer();
        std::thread other([&] {
            reached.wait();
            player.subscriber->cancel();
        });
        auto done = player.open(playUrl(server.port()));
        if (done) {
            const auto state = player.run();
            ASSERT_FALSE(state);
            done = state.error();
        }
        EXPECT_EQ(done.error().code, Code::Cancelled);
        other.join();
        player.subscriber->close();
    }
}

TEST(RtmpSubscriber, LogsInWhereAServerAsksForIt) {
    std::vector<std::string> apps;
    int connections = 0;
    LoopbackServer server(
        [&](Peer& peer) {
            peer.handshake();
            const auto connect = peer.next("connect");
            AmfReader reader(connect.body);
            reader.next(), reader.next();
            apps.emplace_back(reader.next()->text("app"));
            if (++connections == 3) {
                AmfWriter out;
                out.string("_result").number(1).null().beginObject().member("code", "NetConnection.Connect.Success").endObject();
                peer.send(message(3, 20, out.bytes()));
                peer.answerCreateStream();
                peer.next("play");
                peer.status("status", "NetStream.Play.Start", "");
                peer.untilClosed();
                return;
            }
            AmfWriter out;
            out.string("_error").number(1).null().beginObject().member("code", "NetConnection.Connect.Rejected");
            out.member("description", connections == 1 ? "[ code=403 need auth; authmod=adobe ]"
                                                       : "authmod=adobe ?reason=needauth&user=me&salt=s&challenge=c&opaque=o");
            peer.send(message(3, 20, out.endObject().bytes()));
            peer.untilClosed();
        },
        false, 3);
    auto player = makePlayer();
    ASSERT_TRUE(player.open("rtmp://me:pass@127.0.0.1:" + std::to_string(server.port()) + "/live/s3cr3t-key"));
    EXPECT_EQ(player.events, (std::vector<std::string>{"connected", "playing"}));
    player.subscriber->close();
    server.wait();
    ASSERT_EQ(apps.size(), 3U);
    EXPECT_EQ(apps[0], "live");
    EXPECT_TRUE(apps[1].starts_with("live?authmod=adobe&user=me"));
    EXPECT_NE(apps[2].find("response="), std::string::npos);
}

TEST(RtmpSubscriber, TakesOtherTargetsForWhatTheyAre) {
    auto player = makePlayer();
    EXPECT_EQ(player.open("http://127.0.0.1/live/s3cr3t-key.flv").error().code, Code::InvalidArgument);
    EXPECT_EQ(player.run().error().code, Code::InvalidState);
    player.subscriber->close();
}

}  // namespace
}  // namespace livepusher::rtmp
