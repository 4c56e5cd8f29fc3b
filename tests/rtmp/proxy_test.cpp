// SPDX-License-Identifier: MIT
// What proxies do that no friendly one does; the friendly ones are in tests/integration/proxy_test.py.
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "loopback_server.hpp"
#include "publisher_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;

class ThroughAProxy : public ::testing::TestWithParam<const char*> {
protected:
    static std::string proxyAt(int port, const std::string& scheme) {
        return scheme + "://me:hunter2@127.0.0.1:" + std::to_string(port);
    }
    /// The error of a push whose proxy does as `script` says.
    static Error failure(const std::string& scheme, const LoopbackServer::Script& script, const std::string& target = GetParam(),
                         std::chrono::milliseconds timeout = 20s) {
        LoopbackServer proxy(script);
        Client client(base::Url::parse(urlOf(1, target))->scheme());
        client.settings.network.proxy = proxyAt(proxy.port(), scheme);
        client.settings.connectTimeout = timeout;
        const auto done = client.open(urlOf(1935, target, "media.invalid"));
        EXPECT_FALSE(done);
        EXPECT_EQ(client.connected, 0);
        const Error error = done ? Error{} : done.error();
        EXPECT_EQ(error.message.find("hunter2"), std::string::npos) << error.message;
        return error;
    }
    static void readRequest(Peer& peer) {
        for (std::string text; !text.ends_with("\r\n\r\n");) text += static_cast<char>(peer.read(1)[0]);
    }
    /// As a proxy that asks for no password and connects to anything.
    static void connectSocks(Peer& peer) {
        const std::size_t methods = peer.read(2)[1];
        peer.read(methods);
        peer.send({5, 0});
        const std::size_t name = peer.read(5)[4];
        peer.read(name + 2);
        peer.send({5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    }
};

void expectAbout(const Error& error, Code code, const char* words, bool permanent = false) {
    EXPECT_EQ(error.code, code) << error.message;
    EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
    EXPECT_EQ(error.permanent, permanent) << error.message;
}

TEST_P(ThroughAProxy, TellsThatASilentProxyDidNotAnswer) {
    for (const char* scheme : {"http", "socks5h"})
        expectAbout(failure(
                        scheme, [](Peer& peer) { peer.untilClosed(); }, GetParam(), 150ms),
                    Code::TcpFailed, "did not answer in time");
}

TEST_P(ThroughAProxy, TellsThatAProxyCannotBeReached) {
    FullPort full;
    for (const char* scheme : {"http", "socks5h"}) {
        Client client(base::Url::parse(urlOf(1, GetParam()))->scheme());
        client.settings.network.proxy = proxyAt(full.port(), scheme);
        client.settings.connectTimeout = 150ms;
        const auto done = client.open(urlOf(1935, GetParam(), "media.invalid"));
        ASSERT_FALSE(done);
        expectAbout(done.error(), Code::TcpFailed, "can't connect to the proxy ");
        expectAbout(done.error(), Code::TcpFailed, ": no answer in time");
    }
}

TEST_P(ThroughAProxy, TellsThatAProxyHungUp) {
    for (const char* scheme : {"http", "socks5h"})
        expectAbout(failure(scheme, [](Peer& peer) { peer.read(3); }), Code::TcpFailed,
                    "closed the connection instead of answering");
}

TEST_P(ThroughAProxy, TellsThatAProxySpeaksAnotherProtocol) {
    const auto junk = [](Peer& peer) {
        peer.read(3);
        peer.send(text("SSH-2.0-OpenSSH_9.2\r\n"));
        peer.untilClosed();
    };
    expectAbout(failure("http", junk, GetParam(), 300ms), Code::TcpFailed, "did not answer in time");  // it may yet become HTTP
    expectAbout(failure("socks5h", junk), Code::TcpFailed, "does not speak SOCKS5");
}

TEST_P(ThroughAProxy, TakesNothingOfWhatAProxySaysForTheServers) {
    const auto redirect = [](Peer& peer) {
        readRequest(peer);
        peer.send(text("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"));
        peer.untilClosed();
    };
    expectAbout(failure("http", redirect), Code::TcpFailed, "HTTP 302 Found", true);
    const auto endless = [](Peer& peer) {
        readRequest(peer);
        for (;;) peer.send(text("HTTP/1.1 200 OK hunter2\r\nX: " + std::string(1000, 'x') + "\r\n"));
    };
    expectAbout(failure("http", endless), Code::TcpFailed, "its answer is not a proxy's");
}

TEST_P(ThroughAProxy, CountsTlsAsTheServersOwn) {
    const auto connect = [](Peer& peer) {
        readRequest(peer);
        peer.send(text("HTTP/1.1 200 OK\r\n\r\n"));
        EXPECT_EQ(peer.read(1)[0], 22) << "a TLS record";
        peer.untilClosed();
    };
    const auto socks = [](Peer& peer) {
        connectSocks(peer);
        EXPECT_EQ(peer.read(1)[0], 22) << "a TLS record";
        peer.untilClosed();
    };
    const std::string secure = GetParam() + std::string("s");
    expectAbout(failure("http", connect, secure, 1s), Code::HandshakeFailed,
                "TLS with media.invalid:1935 failed: no answer in time");
    expectAbout(failure("socks5h", socks, secure, 1s), Code::HandshakeFailed,
                "TLS with media.invalid:1935 failed: no answer in time");
}

TEST_P(ThroughAProxy, CancelsWhileAProxyIsSilent) {
    for (const char* scheme : {"http", "socks5h"}) {
        Gate asked;
        LoopbackServer proxy([&](Peer& peer) {
            peer.read(3);
            asked.open();
            peer.untilClosed();
        });
        Client client(base::Url::parse(urlOf(1, GetParam()))->scheme());
        client.settings.network.proxy = proxyAt(proxy.port(), scheme);
        client.settings.connectTimeout = 60s;
        auto opening = std::async(std::launch::async, [&] { return client.open(urlOf(1935, GetParam(), "media.invalid")); });
        asked.wait();
        client.publisher->cancel();
        EXPECT_EQ(opening.get().error().code, Code::Cancelled);
    }
}

INSTANTIATE_TEST_SUITE_P(, ThroughAProxy, testing::Values("rtmp", "http"), [](const auto& test) { return test.param; });

}  // namespace
}  // namespace livepusher::rtmp
