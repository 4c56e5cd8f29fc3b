// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <srt/access_control.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <thread>

#include "coded_stream.hpp"
#include "expect_holds.hpp"
#include "publisher_client.hpp"
#include "srt_receiver.hpp"
#include "temp_folder.hpp"

namespace livepusher::srt {
namespace {

using namespace std::chrono_literals;
using capture::expectHolds;
using livepusher::test::codedStream;
using livepusher::test::readFile;
using rtmp::test::Client;
using test::kSrt;
using test::SrtReceiver;

/// At the pace of its times, as a lane gives it.
void writeLive(Client& client, const std::vector<Packet>& packets) {
    const auto begun = std::chrono::steady_clock::now();
    for (const auto& packet : packets) {
        std::this_thread::sleep_until(begun + packet.dts);
        ASSERT_TRUE(client.write(packet));
    }
}

livepusher::test::ReadFile received(const SrtReceiver& receiver) {
    const capture::TempFolder folder;
    const auto bytes = receiver.bytes();
    return readFile(folder.write("stream.ts", {bytes.begin(), bytes.end()}));
}

TEST(SrtPublisher, SendsATransportStreamOfWhichNothingIsMissing) {
    SrtReceiver receiver;
    Client client(kSrt);
    ASSERT_TRUE(client.open(receiver.url("streamid=#!::r=s3cr3t,m=publish")));
    EXPECT_EQ(client.connected, 1);
    EXPECT_EQ(receiver.streamId(), "#!::r=s3cr3t,m=publish");
    const auto packets = codedStream({.frames = 50});
    writeLive(client, packets);
    client.close();
    receiver.waitForEnd();

    const auto read = received(receiver);
    EXPECT_EQ(read.format, "mpegts");
    EXPECT_EQ(read.video.codec, "h264");
    EXPECT_EQ(read.audio.codec, "aac");
    EXPECT_EQ(read.video.pts.size(), 50U);
    EXPECT_EQ(read.errors, 0);
    const auto sounds = std::ranges::count_if(
        packets, [](const Packet& p) { return p.track == Packet::Track::Audio && p.kind != Packet::Kind::Config; });
    EXPECT_EQ(read.audio.pts.size(), static_cast<std::size_t>(sounds));
    EXPECT_EQ(receiver.bytes().size() % 188, 0U);
    const auto statistics = client.publisher->statistics();
    EXPECT_EQ(statistics.bytesSent, receiver.bytes().size());
    EXPECT_EQ(statistics.serverIp, "127.0.0.1");
}

TEST(SrtPublisher, CarriesHevcAndOpus) {
    SrtReceiver receiver;
    Client client(kSrt);
    ASSERT_TRUE(client.open(receiver.url()));
    writeLive(client, codedStream({.videoCodec = VideoCodec::hevc, .audioCodec = AudioCodec::opus, .frames = 25}));
    client.close();
    receiver.waitForEnd();
    const auto read = received(receiver);
    EXPECT_EQ(read.video.codec, "hevc");
    EXPECT_EQ(read.audio.codec, "opus");
    EXPECT_EQ(read.video.pts.size(), 25U);
    EXPECT_EQ(read.errors, 0);
}

TEST(SrtPublisher, GoesOnWithAnotherCodecAndWithOneTrackMore) {
    SrtReceiver receiver;
    Client client(kSrt);
    ASSERT_TRUE(client.open(receiver.url()));
    writeLive(client, codedStream({.audio = false, .frames = 13}));
    const auto before = client.publisher->statistics().bytesSent;
    writeLive(client, codedStream({.videoCodec = VideoCodec::hevc, .frames = 13, .start = 1s}));
    client.close();
    receiver.waitForEnd();
    const capture::TempFolder folder;
    const auto bytes = receiver.bytes();
    ASSERT_GT(bytes.size(), before);
    const std::string all(bytes.begin(), bytes.end());
    const auto first = readFile(folder.write("first.ts", all.substr(0, before)));
    const auto second = readFile(folder.write("second.ts", all.substr(before)));
    EXPECT_EQ(first.video.codec, "h264");
    EXPECT_EQ(first.audio.codec, "");
    EXPECT_EQ(second.video.codec, "hevc");
    EXPECT_EQ(second.audio.codec, "aac");
    EXPECT_EQ(second.video.pts.size(), 13U);
    EXPECT_EQ(second.errors, 0);
}

TEST(SrtPublisher, RefusesAv1ForGood) {
    SrtReceiver receiver;
    Client client(kSrt);
    ASSERT_TRUE(client.open(receiver.url()));
    ASSERT_TRUE(client.write(rtmp::test::videoConfig(VideoCodec::av1)));
    const auto wrote = client.write(rtmp::test::media(Packet::Track::Video, Packet::Kind::Key, 0, 0, "unit"));
    ASSERT_FALSE(wrote);
    EXPECT_TRUE(wrote.error().permanent);
    expectHolds(wrote.error().message, "MPEG-TS holds no AV1: choose videoCodec h264 or hevc");

    Client told(kSrt);
    told.settings.videoCodec = VideoCodec::av1;
    const auto opened = told.open(receiver.url());
    ASSERT_FALSE(opened);
    EXPECT_TRUE(opened.error().permanent);
    expectHolds(opened.error().message, "videoCodec av1");
}

TEST(SrtPublisher, EncryptsWithTheRightPassphraseAndIsRefusedWithAnother) {
    SrtReceiver receiver({.passphrase = "t0ken-passphrase"});
    {
        Client client(kSrt);
        ASSERT_TRUE(client.open(receiver.url("passphrase=t0ken-passphrase&pbkeylen=32")));
        writeLive(client, codedStream({.frames = 10}));
        client.close();
        receiver.waitForEnd();
        EXPECT_EQ(received(receiver).video.pts.size(), 10U);
    }
    Client wrong(kSrt);
    const auto refused = wrong.open(receiver.url("passphrase=t0ken-other-passphrase"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::HandshakeFailed);
    EXPECT_TRUE(refused.error().permanent);
    expectHolds(refused.error().message, ":" + std::to_string(receiver.port()) + " has another passphrase");
    EXPECT_EQ(wrong.connected, 0);

    Client without(kSrt);
    const auto open = without.open(receiver.url());
    ASSERT_FALSE(open);
    expectHolds(open.error().message, "wants a passphrase");
    SrtReceiver plain;
    Client with(kSrt);
    const auto needless = with.open(plain.url("passphrase=t0ken-passphrase"));
    ASSERT_FALSE(needless);
    expectHolds(needless.error().message, "has no passphrase");
}

TEST(SrtPublisher, TellsWhyItsStreamIdIsRefused) {
    SrtReceiver receiver({.refuse = SRT_REJX_FORBIDDEN});
    Client client(kSrt);
    const auto refused = client.open(receiver.url("streamid=s3cr3t"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::ServerClosed);
    EXPECT_TRUE(refused.error().permanent);
    expectHolds(refused.error().message, "refused the streamid: forbidden (1403)");
    EXPECT_EQ(receiver.streamId(), "s3cr3t");
}

TEST(SrtPublisher, KnowsAtOnceThatNobodyListens) {
    int port = 0;
    {
        const SrtReceiver gone;
        port = gone.port();
    }
    for (const std::string host : {"127.0.0.1", "localhost"}) {
        Client client(kSrt);
        client.settings.connectTimeout = 1h;
        const auto refused = client.open("srt://" + host + ":" + std::to_string(port));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::TcpFailed);
        EXPECT_FALSE(refused.error().permanent);
        expectHolds(refused.error().message, host + ":" + std::to_string(port) + ": nobody listens for SRT there (UDP)");
    }
}

/// A UDP port that takes everything and answers nothing.
class SilentPort {
public:
    SilentPort() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size);
        getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        url = "srt://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    }
    std::string url;

private:
    base::Descriptor socket_;
};

TEST(SrtPublisher, GivesUpWhoDoesNotAnswer) {
    const SilentPort silent;
    Client client(kSrt);
    client.settings.connectTimeout = 300ms;  // a second, at least
    const auto refused = client.open(silent.url);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::TcpFailed);
    expectHolds(refused.error().message, "does not answer");
}

TEST(SrtPublisher, IsCancelledWhileItConnects) {
    const SilentPort silent;
    for (const std::string query : {"", "?mode=rendezvous"}) {
        Client client(kSrt);
        client.settings.connectTimeout = 1h;
        client.settings.network.networkInterface = "127.0.0.2";  // a rendezvous has the same port at both ends
        std::thread canceller([&] { client.publisher->cancel(); });
        const auto refused = client.open(silent.url + query);
        canceller.join();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::Cancelled);
    }
}

TEST(SrtPublisher, NoticesThatTheReceiverLeft) {
    SrtReceiver receiver;
    Client client(kSrt);
    ASSERT_TRUE(client.open(receiver.url()));
    writeLive(client, codedStream({.frames = 5}));
    receiver.drop();
    const auto lost = client.failure();
    EXPECT_EQ(lost.code, Code::ServerClosed);
    expectHolds(lost.message, "the receiver closed the connection");
}

TEST(SrtPublisher, TakesNoProxyAndNoStrangeInterface) {
    Client proxied(kSrt);
    proxied.settings.network.proxy = "socks5://127.0.0.1:1080";
    const auto refused = proxied.open("srt://127.0.0.1:9");
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().permanent);
    expectHolds(refused.error().message, "no proxy carries");

    for (const std::string query : {"", "?mode=listener", "?mode=rendezvous"}) {
        SCOPED_TRACE(query);
        Client bound(kSrt);
        bound.settings.network.networkInterface = "nope0";
        const auto nowhere = bound.open("srt://127.0.0.1:9" + query);
        ASSERT_FALSE(nowhere);
        EXPECT_TRUE(nowhere.error().permanent);
        expectHolds(nowhere.error().message, "networkInterface \"nope0\": neither an address nor an interface of this machine");
    }

    SrtReceiver receiver;
    for (const std::string way : {"lo", "127.0.0.2"}) {
        Client bound(kSrt);
        bound.settings.network.networkInterface = way;
        const auto opened = bound.open(receiver.url());
        ASSERT_TRUE(opened) << opened.error().message;
    }
}

}  // namespace
}  // namespace livepusher::srt
