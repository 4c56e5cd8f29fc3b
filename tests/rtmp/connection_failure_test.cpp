// SPDX-License-Identifier: MIT
// What happens before a protocol begins is the same for all of them.
#include <gtest/gtest.h>

#include <future>

#include "loopback_server.hpp"
#include "publisher_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;

class ConnectionFailure : public ::testing::TestWithParam<const char*> {
protected:
    base::Url::Scheme scheme() const { return base::Url::parse(urlOf(1, GetParam()))->scheme(); }
    std::string secure() const { return GetParam() + std::string("s"); }
};

TEST_P(ConnectionFailure, TellsARefusedPortAnUnknownHostAndASilentOne) {
    int port = 0;
    {
        LoopbackServer gone([](Peer&) {});
        port = gone.port();
    }
    Client refused(scheme());
    auto done = refused.open(urlOf(port, GetParam()));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::TcpFailed);
    EXPECT_EQ(done.error().native, ECONNREFUSED);
    EXPECT_EQ(refused.connected, 0);

    Client unknown(scheme());
    done = unknown.open(urlOf(1935, GetParam(), "no-such-host.invalid"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::DnsFailed) << done.error().message;

    FullPort full;
    Client silent(scheme());
    silent.settings.connectTimeout = 150ms;
    done = silent.open(urlOf(full.port(), GetParam()));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::TcpFailed) << done.error().message;
    EXPECT_NE(done.error().message.find("no answer in time"), std::string::npos);
}

TEST_P(ConnectionFailure, SpeaksTlsBeforeAnyOtherByte) {
    LoopbackServer server([](Peer& peer) {
        const Bytes record = peer.read(5);
        EXPECT_EQ(record[0], 22) << "a TLS handshake record";
        const Bytes hello = peer.read(static_cast<std::size_t>(record[3]) << 8 | record[4]);
        EXPECT_NE(std::string(hello.begin(), hello.end()).find("localhost"), std::string::npos) << "SNI";
        peer.send(text("this is no TLS server"));
        peer.untilClosed();
    });
    Client client(scheme());
    const auto done = client.open(urlOf(server.port(), secure(), "localhost"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::HandshakeFailed);
    EXPECT_TRUE(done.error().message.ends_with(" failed: the server does not speak TLS at this port")) << done.error().message;
    EXPECT_EQ(client.connected, 0);
}

TEST_P(ConnectionFailure, CallsAMissingCaFilePermanent) {
    LoopbackServer server([](Peer& peer) { peer.untilClosed(); });
    Client client(scheme());
    client.settings.network.caFile = "/nonexistent/ca.pem";
    const auto done = client.open(urlOf(server.port(), secure()));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::HandshakeFailed);
    EXPECT_TRUE(done.error().permanent);
    EXPECT_NE(done.error().message.find("/nonexistent/ca.pem"), std::string::npos) << done.error().message;
}

TEST_P(ConnectionFailure, SaysWhichCaFileHoldsNoCertificate) {
    LoopbackServer server([](Peer& peer) { peer.untilClosed(); });
    Client client(scheme());
    client.settings.network.caFile = "/etc/passwd";
    const auto done = client.open(urlOf(server.port(), secure()));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::HandshakeFailed);
    EXPECT_NE(done.error().message.find("caFile \"/etc/passwd\" holds no certificate"), std::string::npos)
        << done.error().message;
}

TEST_P(ConnectionFailure, CancelsBeforeItOpensWhileItConnectsAndInTls) {
    Client early(scheme());
    early.publisher->cancel();
    EXPECT_EQ(early.open(urlOf(1, GetParam())).error().code, Code::Cancelled);

    FullPort full;
    Client connecting(scheme());
    connecting.settings.connectTimeout = 60s;
    auto opening = std::async(std::launch::async, [&] { return connecting.open(urlOf(full.port(), GetParam())); });
    connecting.publisher->cancel();
    EXPECT_EQ(opening.get().error().code, Code::Cancelled);

    Gate there;
    LoopbackServer server([&](Peer& peer) {
        peer.read(5);
        there.open();
        peer.untilClosed();
    });
    Client inTls(scheme());
    inTls.settings.connectTimeout = 60s;
    auto opened = std::async(std::launch::async, [&] { return inTls.open(urlOf(server.port(), secure())); });
    there.wait();
    inTls.publisher->cancel();
    EXPECT_EQ(opened.get().error().code, Code::Cancelled);
}

INSTANTIATE_TEST_SUITE_P(, ConnectionFailure, testing::Values("rtmp", "http"), [](const auto& test) { return test.param; });

}  // namespace
}  // namespace livepusher::rtmp
