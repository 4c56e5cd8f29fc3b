// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <functional>

#include "flv/amf_writer.hpp"
#include "loopback_server.hpp"
#include "publisher_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;

struct Refusing {
    const char* what;
    LoopbackServer::Script script;
    Code code;
    const char* message;
    bool permanent = false;
};

Bytes refusedConnect(const char* code, const char* description) {
    AmfWriter out;
    out.string("_error").number(1).null().beginObject().member("level", "error").member("code", code);
    return message(3, 20, out.member("description", description).endObject().bytes());
}

TEST(RtmpRefusal, TellsEachWayOfBeingTurnedAwayFromTheOthers) {
    const std::vector<Refusing> cases{
        {"connect rejected",
         [](Peer& peer) {
             peer.handshake();
             peer.next("connect");
             peer.send(refusedConnect("NetConnection.Connect.Rejected", "not now, s3cr3t-key"));
             peer.untilClosed();
         },
         Code::ServerClosed, "the server refused connect: NetConnection.Connect.Rejected: not now, ***"},
        {"unknown app",
         [](Peer& peer) {
             peer.handshake();
             peer.next("connect");
             peer.send(refusedConnect("NetConnection.Connect.InvalidApp", "none"));
             peer.close();
         },
         Code::ServerClosed, "NetConnection.Connect.InvalidApp", true},
        {"name in use",
         [](Peer& peer) {
             peer.untilPublish();
             peer.status("error", "NetStream.Publish.BadName", "Already publishing t0ken-value");
             peer.untilClosed();
         },
         Code::ServerClosed, "the server refused publish: NetStream.Publish.BadName: Already publishing ***"},
        {"refused and closed at once",
         [](Peer& peer) {
             peer.untilPublish();
             peer.status("error", "NetStream.Publish.Denied", "no");
         },
         Code::ServerClosed, "the server refused publish: NetStream.Publish.Denied: no", true},
        {"refused and reset at once",
         [](Peer& peer) {
             peer.untilPublish();
             peer.reset();
         },
         Code::TransferFailed, "Connection reset by peer"},
        {"closed instead of an answer", [](Peer& peer) { peer.untilPublish(); }, Code::ServerClosed,
         "the server closed the connection instead of answering publish; is the stream key right?"},
        {"closed in the handshake", [](Peer& peer) { peer.read(1537); }, Code::HandshakeFailed,
         "the RTMP handshake failed: the server closed the connection"},
        {"reset in the handshake",
         [](Peer& peer) {
             peer.read(1537);
             peer.send({3});
             peer.reset();
         },
         Code::HandshakeFailed, "the RTMP handshake failed"},
        {"another protocol",
         [](Peer& peer) {
             peer.read(1537);
             peer.send(text("HTTP/1.1 400 Bad Request\r\n\r\n"));
             peer.untilClosed();
         },
         Code::HandshakeFailed, "does not speak RTMP"},
        {"garbage after the handshake",
         [](Peer& peer) {
             peer.handshake();
             peer.send(Bytes(5000, 0x44));
             peer.untilClosed();
         },
         Code::TransferFailed, "malformed RTMP"},
        {"a header in mid message",
         [](Peer& peer) {
             peer.handshake();
             peer.send(fullHeader(4, 0, 200, 8) + Bytes(128, 'x') + Bytes{0x44} + be(0, 3) + be(0xFFFFFF, 3) + Bytes{8});
             peer.untilClosed();
         },
         Code::TransferFailed, "malformed RTMP: a new header in the middle of a message"},
        {"nothing for the handshake", [](Peer& peer) { peer.untilClosed(); }, Code::HandshakeFailed,
         "the server did not answer the RTMP handshake within 150 ms"},
        {"half a handshake",
         [](Peer& peer) {
             peer.read(1537);
             peer.send(Bytes{3} + Bytes(700, 0));
             peer.untilClosed();
         },
         Code::HandshakeFailed, "the server did not answer the RTMP handshake within 150 ms"},
        {"nothing for connect",
         [](Peer& peer) {
             peer.handshake();
             peer.untilClosed();
         },
         Code::ServerClosed, "the server did not answer connect within 150 ms"},
        {"nothing for createStream",
         [](Peer& peer) {
             peer.handshake();
             peer.answerConnect();
             peer.untilClosed();
         },
         Code::ServerClosed, "the server did not answer createStream within 150 ms"},
        {"nothing for publish",
         [](Peer& peer) {
             peer.untilPublish();
             peer.untilClosed();
         },
         Code::ServerClosed, "the server did not answer publish within 150 ms"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        LoopbackServer server(c.script);
        Client client;
        if (std::string(c.message).find("150 ms") != std::string::npos)
            client.settings.handshakeTimeout = client.settings.responseTimeout = 150ms;
        const auto done = client.open(urlOf(server.port()));
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, c.code) << done.error().message;
        EXPECT_NE(done.error().message.find(c.message), std::string::npos) << done.error().message;
        EXPECT_EQ(done.error().permanent, c.permanent);
        EXPECT_EQ(client.connected, 1);
        client.close();
    }
}

TEST(RtmpRefusal, LeavesAServerThatDoesNotTakeOpus) {
    std::vector<std::string> asked;
    LoopbackServer server([&](Peer& peer) {
        peer.handshake();
        peer.next("connect");
        AmfWriter out;
        out.string("_result").number(1).null().beginObject().member("code", "NetConnection.Connect.Success");
        out.key("fourCcList").beginStrictArray(2).string("hvc1").string("s3cr3t-key");
        peer.send(message(3, 20, out.endObject().bytes()));
        try {
            for (;;) asked.push_back(peer.next().command);
        } catch (const Peer::Closed&) {
        }
    });
    Client client;
    client.settings.enhancedRtmp = EnhancedRtmp::require;
    client.settings.audioCodec = AudioCodec::opus;
    const auto done = client.open(urlOf(server.port()));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::ServerClosed);
    EXPECT_EQ(done.error().message,
              "the server does not take Opus: its answer to connect names hvc1; audioCodec=aac works with every server");
    EXPECT_TRUE(done.error().permanent);
    client.close();
    server.wait();
    EXPECT_TRUE(asked.empty()) << "no stream was asked for";
}

TEST(RtmpRefusal, GivesUpAServerThatReadsNothingAnyMore) {
    Gate over;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        over.wait();
    });
    Client client;
    client.settings.stallTimeout = 300ms;  // by far less than the kernel's own limit
    ASSERT_TRUE(client.open(urlOf(server.port())));
    Result<void> last;
    writeUntilFull(client, last);
    over.open();
    EXPECT_EQ(last.error().code, Code::TransferFailed) << last.error().message;
    EXPECT_EQ(last.error().native, ETIMEDOUT);
    EXPECT_EQ(client.write(sound(0)).error().native, ETIMEDOUT);
    client.close();
}

TEST(RtmpRefusal, TellsTheEndOfAStreamWithNothingToWrite) {
    const struct {
        std::function<void(Peer&)> end;
        Code code;
    } cases[] = {
        {[](Peer& peer) { peer.close(); }, Code::ServerClosed},
        {[](Peer& peer) { peer.reset(); }, Code::TransferFailed},
        {[](Peer& peer) { peer.status("error", "NetStream.Failed", "kicked"); }, Code::ServerClosed},
        {[](Peer& peer) { peer.send(Bytes(100, 0xFF)); }, Code::TransferFailed},
    };
    for (const auto& c : cases) {
        Gate go;
        LoopbackServer server([&](Peer& peer) {
            peer.accept();
            go.wait();
            c.end(peer);
            peer.untilClosed();
        });
        Client client;
        ASSERT_TRUE(client.open(urlOf(server.port())));
        go.open();
        const auto failure = client.failure();
        EXPECT_EQ(failure.code, c.code) << failure.message;
        const auto done = client.write(sound(0));
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, c.code);
        client.close();
    }
}

}  // namespace
}  // namespace livepusher::rtmp
