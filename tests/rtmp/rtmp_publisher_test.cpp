// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "flv/amf.hpp"
#include "flv/amf_writer.hpp"
#include "flv/flv.hpp"
#include "loopback_server.hpp"
#include "publisher_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;
using Kind = Packet::Kind;
using Track = Packet::Track;

std::vector<AmfValue> arguments(const Peer::Message& message) {
    std::vector<AmfValue> out;
    AmfReader reader(message.body);
    while (auto value = reader.next()) out.push_back(*value);
    return out;
}

TEST(RtmpPublisher, ConnectsAtOnceAndSpeaksOfTheStreamWhenItMayBegin) {
    Gate answered;
    std::atomic<bool> allowed{false};
    LoopbackServer server([&](Peer& peer) {
        peer.handshake();
        peer.answerConnect();
        peer.send(message(2, 4, Bytes{0, 6} + be(1, 4)));
        while (peer.next().type != 4) continue;  // the pong: the connection is served meanwhile
        answered.open();
        peer.next("releaseStream");
        EXPECT_TRUE(allowed);
        peer.answerCreateStream();
        peer.answerPublish();
        peer.untilClosed();
    });
    Client client;
    ASSERT_TRUE(client.connect(urlOf(server.port())));
    client.serve(answered);
    allowed = true;
    EXPECT_TRUE(client.publisher->begin());
    client.close();
}

TEST(RtmpPublisher, AStreamThatIsNotToBeginIsNeverSpokenOf) {
    std::vector<std::string> commands;
    LoopbackServer server([&](Peer& peer) {
        peer.handshake();
        peer.answerConnect();
        for (;;)
            if (const auto message = peer.next(); !message.command.empty()) commands.push_back(message.command);
    });
    Client client;
    ASSERT_TRUE(client.connect(urlOf(server.port())));
    client.close();
    server.wait();
    EXPECT_TRUE(commands.empty()) << commands.front();
}

TEST(RtmpPublisher, SaysWhatAPublisherSaysInOrder) {
    std::vector<std::string> commands;
    LoopbackServer server([&](Peer& peer) {
        peer.handshake();
        const auto connect = peer.next();
        commands.push_back(connect.command);
        const auto object = arguments(connect).at(2);
        EXPECT_EQ(object.text("app"), "live");
        EXPECT_EQ(object.text("type"), "nonprivate");
        EXPECT_TRUE(object.text("flashVer").starts_with("FMLE/3.0"));
        EXPECT_EQ(object.text("tcUrl").substr(0, 17), "rtmp://127.0.0.1:");
        EXPECT_EQ(object.text("tcUrl").find("s3cr3t"), std::string_view::npos);
        AmfWriter out;
        out.string("_result").number(1).null().beginObject().member("code", "NetConnection.Connect.Success").endObject();
        peer.send(message(3, 20, out.bytes()));
        EXPECT_EQ(peer.next().type, 1) << "set chunk size";
        for (int i = 0; i < 3; ++i) {
            const auto command = peer.next();
            commands.push_back(command.command);
            if (i < 2) {
                EXPECT_EQ(arguments(command).at(3).string, kKey);
            }
        }
        peer.send(message(3, 20, AmfWriter().string("_result").number(4).null().number(1).bytes()));
        const auto publish = peer.next();
        commands.push_back(publish.command);
        EXPECT_EQ(publish.stream, 1U);
        EXPECT_EQ(arguments(publish).at(3).string, kKey) << "with its query, as it was given";
        EXPECT_EQ(arguments(publish).at(4).string, "live");
        peer.status("status", "NetStream.Publish.Start", "");
        for (int i = 0; i < 2; ++i) commands.push_back(peer.next().command);
        EXPECT_FALSE(peer.untilClosed().byReset) << "ended in order";
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    EXPECT_EQ(client.connected, 1);
    EXPECT_EQ(client.publisher->statistics().serverIp, "127.0.0.1");
    client.close();
    server.wait();
    const std::vector<std::string> expected{"connect", "releaseStream", "FCPublish",   "createStream",
                                            "publish", "FCUnpublish",   "deleteStream"};
    EXPECT_EQ(commands, expected);
}

TEST(RtmpPublisher, DeliversMetadataHeadersAndMedia) {
    std::vector<Peer::Message> got;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        while (got.size() < 6) got.push_back(peer.nextMedia());
        peer.untilClosed();
    });
    Client client;
    client.settings.closeTimeout = 60s;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    Bytes large(1'000'000);
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 7 + i / 4096);
    for (const auto& packet : {videoConfig(), audioConfig(), media(Track::Video, Kind::Key, 80'000, 40'000, large), sound(45'000),
                               media(Track::Video, Kind::Delta, 20'000'000'000, 20'000'000'000, large)})
        ASSERT_TRUE(client.write(packet));
    client.close();
    server.wait();
    ASSERT_EQ(got.size(), 6U);
    const auto video = videoConfig();
    const auto audio = audioConfig();
    EXPECT_EQ(got[0].body, AmfWriter().string("@setDataFrame").bytes() + metadata(&video, &audio, false));
    EXPECT_EQ(got[0].type, 18);
    EXPECT_EQ(got[1].body, (Bytes{0x17, 0, 0, 0, 0} + text("avcC")));
    EXPECT_EQ(got[2].body, (Bytes{0xAF, 0} + text("asc")));
    EXPECT_EQ(got[3].timestamp, 40U);
    EXPECT_TRUE(got[3].body == (Bytes{0x17, 1, 0, 0, 40} + large));
    EXPECT_EQ(got[4].timestamp, 45U);
    EXPECT_EQ(got[5].timestamp, 20'000'000U) << "beyond 24 bits";
    EXPECT_TRUE(got[5].body == (Bytes{0x27, 1, 0, 0, 0} + large));
    for (const auto& message : got) EXPECT_EQ(message.stream, 1U);
}

TEST(RtmpPublisher, CountsEveryByte) {
    std::size_t total = 0;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        total = peer.nextMedia().body.size();
        peer.nextMedia();
        peer.untilClosed();  // or its goodbye would find nobody
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    ASSERT_TRUE(client.write(sound(0, Bytes(10'000, 'x'))));
    client.close();
    server.wait();
    const auto statistics = client.publisher->statistics();
    EXPECT_EQ(statistics.bytesQueued, 0U) << "all handed over was taken";
    EXPECT_GT(statistics.bytesSent, 3073U + 10'000U + total);
    EXPECT_LT(statistics.bytesSent, 3073U + 10'000U + total + 1'000U);
}

TEST(RtmpPublisher, ReachesAnIpv6Literal) {
    LoopbackServer server(
        [](Peer& peer) {
            peer.accept();
            peer.untilClosed();
        },
        true);
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port(), "rtmp", "[::1]")));
    EXPECT_EQ(client.publisher->statistics().serverIp, "::1");
}

TEST(RtmpPublisher, AnswersPingsWhileNothingIsWritten) {
    Gate answered;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        for (std::uint32_t i = 0; i < 3; ++i) {
            peer.send(message(2, 4, Bytes{0, 6} + be(i, 4)));
            auto reply = peer.next();
            EXPECT_EQ(reply.type, 4);
            EXPECT_EQ(reply.body, (Bytes{0, 7} + be(i, 4)));
        }
        answered.open();
        peer.untilClosed();
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    client.serve(answered);
}

TEST(RtmpPublisher, AnswersPingsBetweenMessagesNeverInsideOne) {
    constexpr std::uint32_t kPings = 200;
    std::uint32_t pongs = 0;
    Gate read;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        std::thread pinging([&] {
            for (std::uint32_t i = 0; i < kPings; ++i) peer.send(message(2, 4, Bytes{0, 6} + be(i, 4)));
        });
        for (int left = 400; left > 0;) {
            const auto message = peer.next();  // fails by itself on a chunk that doesn't belong
            if (message.type == 4) ++pongs;
            if (message.type == 8) {
                EXPECT_TRUE(message.body == (Bytes{0xAF, 1} + Bytes(9'000, 'x')));
                --left;
            }
        }
        pinging.join();
        read.open();
        peer.untilClosed();
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    for (int i = 0; i < 400; ++i) ASSERT_TRUE(client.write(sound(i * 1000, Bytes(9'000, 'x'))));
    client.serve(read);
    client.close();
    server.wait();
    EXPECT_GT(pongs, 0U);
    EXPECT_LE(pongs, kPings);
}

TEST(RtmpPublisher, HoldsNoMoreThanAMessageAndABoundUnderWay) {
    Gate stop;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        stop.wait();
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    Result<void> last;
    std::thread writing([&] { writeUntilFull(client, last); });
    awaitFull(client);
    client.publisher->cancel();
    writing.join();
    EXPECT_EQ(last.error().code, Code::Cancelled);
    stop.open();
}

TEST(RtmpPublisher, OpensOnceAndOnlyRtmp) {
    LoopbackServer server([](Peer& peer) {
        peer.accept();
        peer.untilClosed();
    });
    Client client;
    EXPECT_EQ(client.open("a.flv").error().code, Code::InvalidArgument);
    ASSERT_TRUE(client.open(urlOf(server.port())));
    EXPECT_EQ(client.open(urlOf(server.port())).error().code, Code::InvalidState);
    EXPECT_EQ(client.connected, 1);
    client.close();
    EXPECT_FALSE(client.write(sound(0))) << "closed";
}

TEST(RtmpPublisher, CanBeDestroyedUnopenedAndUnclosed) {
    makeRtmpPublisher().reset();
    LoopbackServer server([](Peer& peer) {
        peer.accept();
        peer.untilClosed();
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
}

}  // namespace
}  // namespace livepusher::rtmp
