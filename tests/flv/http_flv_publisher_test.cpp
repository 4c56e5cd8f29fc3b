// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <thread>

#include "flv/flv.hpp"
#include "flv/publishers.hpp"
#include "http_peer.hpp"
#include "publisher_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;
using Kind = Packet::Kind;
using Track = Packet::Track;

constexpr auto kHttp = base::Url::Scheme::HttpFlv;

std::string http(const LoopbackServer& server) { return urlOf(server.port(), "http"); }

Bytes tag(int type, std::uint32_t time, const Bytes& data) {
    return be(static_cast<std::uint64_t>(type), 1) + be(data.size(), 3) + be(time & 0xFFFFFF, 3) + be(time >> 24, 1) +
           Bytes{0, 0, 0} + data + be(data.size() + 11, 4);
}

TEST(HttpFlvPublisher, PostsHeaderMetadataAndTagsAsOneChunkedBody) {
    LogLines log;
    std::string head;
    Bytes body;
    std::size_t received = 0;
    LoopbackServer server([&](Peer& peer) {
        HttpPeer post(peer);
        head = post.head();
        body = post.body();
        received = post.received();
        post.answer("200 OK");
        EXPECT_FALSE(peer.untilClosed().byReset) << "ended in order";
    });
    Client client(kHttp);
    client.settings.closeTimeout = 60s;
    ASSERT_TRUE(client.open(http(server)));
    EXPECT_EQ(client.connected, 1);
    EXPECT_EQ(client.publisher->statistics().serverIp, "127.0.0.1");
    Bytes large(1'000'000);
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 7 + i / 4096);
    for (const auto& packet : {videoConfig(), audioConfig(), media(Track::Video, Kind::Key, 80'000, 40'000, large), sound(45'000),
                               media(Track::Video, Kind::Delta, 20'000'000'000, 20'000'000'000, "P")})
        ASSERT_TRUE(client.write(packet));
    client.close();
    server.wait();
    EXPECT_TRUE(log.lines.empty()) << log.lines[0];

    EXPECT_TRUE(head.starts_with(std::string("POST /live/") + kHttpKey + " HTTP/1.1\r\n")) << head;
    EXPECT_NE(head.find("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("\r\nContent-Type: video/x-flv\r\n"), std::string::npos) << head;
    EXPECT_EQ(head.find("Expect"), std::string::npos) << head;
    EXPECT_EQ(head.find("Authorization"), std::string::npos) << head;
    const auto video = videoConfig();
    const auto audio = audioConfig();
    const Bytes expected = text("FLV") + Bytes{1, 5, 0, 0, 0, 9, 0, 0, 0, 0} + tag(18, 0, metadata(&video, &audio, false)) +
                           tag(9, 0, Bytes{0x17, 0, 0, 0, 0} + text("avcC")) + tag(8, 0, Bytes{0xAF, 0} + text("asc")) +
                           tag(9, 40, Bytes{0x17, 1, 0, 0, 40} + large) + tag(8, 45, Bytes{0xAF, 1} + text("aac")) +
                           tag(9, 20'000'000, Bytes{0x27, 1, 0, 0, 0} + text("P"));
    EXPECT_TRUE(body == expected);
    const auto statistics = client.publisher->statistics();
    EXPECT_EQ(statistics.bytesQueued, 0U);
    EXPECT_EQ(statistics.bytesSent, received) << "every byte";
}

TEST(HttpFlvPublisher, AStreamThatIsNotToBeginIsNoRequest) {
    std::string head;
    LoopbackServer server([&](Peer& peer) { head = HttpPeer(peer).head(); });
    Client client(kHttp);
    ASSERT_TRUE(client.connect(http(server)));
    client.close();
    server.wait();
    EXPECT_EQ(head, "");
}

TEST(HttpFlvPublisher, NamesTheTracksThatThereAre) {
    const struct {
        Packet config, media;
        std::uint8_t flags;
    } cases[] = {{videoConfig(), media(Track::Video, Kind::Key, 0, 0, "I"), 1}, {audioConfig(), sound(0), 4}};
    for (const auto& c : cases) {
        LogLines log;
        Bytes body;
        LoopbackServer server([&](Peer& peer) {
            HttpPeer post(peer);
            post.head();
            body = post.body();
        });
        Client client(kHttp);
        client.settings.closeTimeout = 60s;
        ASSERT_TRUE(client.open(http(server)));
        ASSERT_TRUE(client.write(c.config));
        ASSERT_TRUE(client.write(c.media));
        client.close();
        server.wait();
        ASSERT_GT(body.size(), 5U);
        EXPECT_EQ(body[4], c.flags);
        EXPECT_TRUE(log.lines.empty()) << "a server may close without an answer when it has all: " << log.lines[0];
    }
}

TEST(HttpFlvPublisher, ShowsUserAndPasswordToTheServerOnly) {
    std::string head;
    LoopbackServer server([&](Peer& peer) {
        HttpPeer post(peer);
        head = post.head();
        post.answer("401 not you, passw 0rd");
        peer.untilClosed();
    });
    Client client(kHttp);
    auto done = client.open("http://user:passw%200rd@127.0.0.1:" + std::to_string(server.port()) + "/key.flv");
    if (done) done = client.failure();  // the refusal was late
    EXPECT_EQ(done.error().message.substr(done.error().message.find("HTTP")), "HTTP 401 not you, ***");
    EXPECT_TRUE(done.error().permanent);
    client.close();
    server.wait();
    EXPECT_TRUE(head.starts_with("POST /key.flv HTTP/1.1\r\n")) << head;
    EXPECT_NE(head.find("\r\nAuthorization: Basic dXNlcjpwYXNzdyAwcmQ=\r\n"), std::string::npos) << head;
}

TEST(HttpFlvPublisher, ReachesAnIpv6Literal) {
    LoopbackServer server([](Peer& peer) { peer.untilClosed(); }, true);
    Client client(kHttp);
    ASSERT_TRUE(client.open(urlOf(server.port(), "http", "[::1]")));
    EXPECT_EQ(client.publisher->statistics().serverIp, "::1");
}

TEST(HttpFlvPublisher, PushesOnWhenTheServerAnswersBeforeTheEnd) {
    LogLines log;
    Bytes body;
    LoopbackServer server([&](Peer& peer) {
        HttpPeer post(peer);
        post.head();
        peer.send(text("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"));
        post.answer("200 OK");
        body = post.body();
    });
    Client client(kHttp);
    client.settings.closeTimeout = 60s;
    ASSERT_TRUE(client.open(http(server)));
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(client.write(sound(i * 1000, Bytes(10'000, 'x'))));
    client.close();
    server.wait();
    EXPECT_GT(body.size(), 1'000'000U);
    EXPECT_TRUE(log.lines.empty()) << log.lines[0];
}

TEST(HttpFlvPublisher, HoldsNoMoreThanAPacketAndABoundUnderWay) {
    Gate stop;
    LoopbackServer server([&](Peer& peer) {
        HttpPeer(peer).head();
        stop.wait();
    });
    Client client(kHttp);
    ASSERT_TRUE(client.open(http(server)));
    Result<void> last;
    std::thread writing([&] { writeUntilFull(client, last); });
    awaitFull(client);
    while (client.publisher->statistics().bytesUnsent == 0) std::this_thread::yield();
    client.publisher->cancel();
    writing.join();
    EXPECT_EQ(last.error().code, Code::Cancelled);
    stop.open();
}

TEST(HttpFlvPublisher, OpensOnceAndOnlyHttp) {
    LoopbackServer server([](Peer& peer) { peer.untilClosed(); });
    Client client(kHttp);
    EXPECT_EQ(client.open(urlOf(1)).error().code, Code::InvalidArgument);
    EXPECT_EQ(client.write(sound(0)).error().code, Code::InvalidState);
    ASSERT_TRUE(client.open(http(server)));
    EXPECT_EQ(client.open(http(server)).error().code, Code::InvalidState);
    EXPECT_EQ(client.connected, 1);
    client.close();
    EXPECT_FALSE(client.write(sound(0))) << "closed";
}

TEST(HttpFlvPublisher, CanBeDestroyedUnopenedAndUnclosed) {
    makeHttpFlvPublisher().reset();
    LoopbackServer server([](Peer& peer) { peer.untilClosed(); });
    Client client(kHttp);
    ASSERT_TRUE(client.open(http(server)));
}

}  // namespace
}  // namespace livepusher::rtmp
