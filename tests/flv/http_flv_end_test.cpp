// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "http_peer.hpp"
#include "publisher_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;

constexpr auto kHttp = base::Url::Scheme::HttpFlv;

std::string http(const LoopbackServer& server) { return urlOf(server.port(), "http"); }

/// open()'s error or, when the server was slower than open() waits, the one that came after.
Error failure(Client& client, const std::string& url) {
    if (const auto done = client.open(url); !done) return done.error();
    auto failed = client.failure();
    const auto done = client.write(sound(0));
    EXPECT_FALSE(done);
    if (!done) {
        EXPECT_EQ(done.error().message, failed.message);
    }
    return failed;
}

LoopbackServer::Script saying(std::string what) {
    return [what](Peer& peer) {
        HttpPeer(peer).head();
        peer.send(text(what));
        peer.untilClosed();
    };
}

TEST(HttpFlvEnd, TellsEachWayOfBeingTurnedAwayFromTheOthers) {
    const std::string endless(100'000, 'x');
    const struct {
        const char* what;
        LoopbackServer::Script script;
        Code code;
        std::string message;
        bool permanent = false;
    } cases[] = {
        {"forbidden", saying("HTTP/1.1 403 no s3cr3t-key here\r\n\r\n"), Code::ServerClosed, "HTTP 403 no *** here", true},
        {"forbidden, with a body that never ends", saying("HTTP/1.1 403 Forbidden\r\nContent-Length: 999999999\r\n\r\nx"),
         Code::ServerClosed, "HTTP 403 Forbidden", true},
        {"gone at once",
         [](Peer& peer) {
             HttpPeer(peer).head();
             peer.send(text("HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\nnothing here"));
         },
         Code::ServerClosed, "HTTP 404 Not Found", true},
        {"busy", saying("HTTP/1.1 503 Service Unavailable\r\n\r\n"), Code::ServerClosed, "HTTP 503 Service Unavailable"},
        {"too many", saying("HTTP/1.1 429 Too Many Requests\r\n\r\n"), Code::ServerClosed, "HTTP 429 Too Many Requests"},
        {"elsewhere", saying("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://h/s3cr3t-key.flv\r\n\r\n"), Code::ServerClosed,
         "HTTP 307 Temporary Redirect; a push follows no redirect", true},
        {"another protocol from now on", saying("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), Code::ServerClosed,
         "HTTP 101 Switching Protocols", true},
        {"done before the end",
         [](Peer& peer) {
             HttpPeer post(peer);
             post.head();
             post.answer("200 OK");
         },
         Code::ServerClosed, "the server ended the stream: HTTP 200 OK"},
        {"no HTTP", saying("RTMP or what?\r\n\r\n"), Code::TransferFailed, "the server's answer is not HTTP"},
        {"an endless line", saying("HTTP/1.1 200 OK\r\nX: " + endless + endless), Code::TransferFailed, ""},
        {"endless lines", saying("HTTP/1.1 200 OK\r\n" + endless.substr(50'000) + ": 1\r\n" + endless.substr(50'000) + ": 2\r\n"),
         Code::TransferFailed, "more than 64 KiB"},
        {"closed", [](Peer& peer) { HttpPeer(peer).head(); }, Code::ServerClosed, "the server closed the connection"},
        {"closed in the middle of the answer",
         [](Peer& peer) {
             HttpPeer(peer).head();
             peer.send(text("HTTP/1.1 200 O"));
         },
         Code::ServerClosed, "the server closed the connection"},
        {"reset",
         [](Peer& peer) {
             HttpPeer(peer).head();
             peer.reset();
         },
         Code::TransferFailed, "Connection reset by peer"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        LoopbackServer server(c.script);
        Client client(kHttp);
        const auto error = failure(client, http(server));
        EXPECT_EQ(error.code, c.code) << error.message;
        EXPECT_NE(error.message.find(c.message), std::string::npos) << error.message;
        EXPECT_EQ(error.permanent, c.permanent);
        EXPECT_EQ(client.connected, 1);
        client.close();
    }
}

TEST(HttpFlvEnd, IsToldWithNothingToWrite) {
    const auto close = [](Peer& peer) { peer.close(); };
    const auto reset = [](Peer& peer) { peer.reset(); };
    const struct {
        const char* answer;  // before
        std::function<void(Peer&)> end;
        Code code;
        const char* message;
    } cases[] = {
        {"", close, Code::ServerClosed, "the server closed the connection"},
        {"", reset, Code::TransferFailed, "Connection reset by peer"},
        {"", [](Peer& peer) { peer.send(text("HTTP/1.1 500 kicked\r\n\r\n")); }, Code::ServerClosed,
         "the server ended the stream: HTTP 500 kicked"},
        {"204 No Content", close, Code::ServerClosed, "the server ended the stream: HTTP 204 No Content"},
        {"204 No Content", reset, Code::TransferFailed, "Connection reset by peer"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.message);
        Gate go;
        LoopbackServer server([&](Peer& peer) {
            HttpPeer post(peer);
            post.head();
            if (*c.answer != '\0') post.answer(c.answer);
            go.wait();
            c.end(peer);
            peer.untilClosed();
        });
        Client client(kHttp);
        ASSERT_TRUE(client.open(http(server)));
        go.open();
        const auto failed = client.failure();
        EXPECT_EQ(failed.code, c.code);
        EXPECT_NE(failed.message.find(c.message), std::string::npos) << failed.message;
        client.close();
    }
}

TEST(HttpFlvEnd, CancelsAtEveryMoment) {
    Gate there;
    Peer::Closed closed{};
    LoopbackServer server([&](Peer& peer) {
        HttpPeer(peer).head();
        there.open();
        closed = peer.untilClosed();
    });
    Client opening(kHttp);
    std::thread cancelling([&] {
        there.wait();
        opening.publisher->cancel();
    });
    (void)opening.open(http(server));  // may have been quicker
    cancelling.join();
    EXPECT_EQ(opening.write(sound(0)).error().code, Code::Cancelled);
    opening.close();
    server.wait();
    EXPECT_TRUE(closed.byReset);

    Gate stop;
    LoopbackServer silent([&](Peer& peer) {
        HttpPeer post(peer);
        post.head();
        post.body();
        stop.wait();
    });
    Client client(kHttp);
    client.settings.closeTimeout = 60s;
    ASSERT_TRUE(client.open(http(silent)));
    std::thread closing([&] { client.close(); });  // waits for the server's answer, which doesn't come
    client.publisher->cancel();
    closing.join();
    stop.open();
}

TEST(HttpFlvEnd, LeavesACancelledBodyWithoutItsEnd) {
    bool ended = true;
    Gate there;
    LoopbackServer server([&](Peer& peer) {
        HttpPeer post(peer);
        post.head();
        post.chunk();
        there.open();
        ended = false;
        while (!post.chunk().empty()) {
        }
        ended = true;
    });
    Client client(kHttp);
    ASSERT_TRUE(client.open(http(server)));
    ASSERT_TRUE(client.write(sound(0)));
    there.wait();
    client.publisher->cancel();
    client.close();
    server.wait();
    EXPECT_FALSE(ended);
}

TEST(HttpFlvEnd, GivesUpAnOrderlyCloseInTime) {
    Gate stop;
    LoopbackServer server([&](Peer& peer) {
        HttpPeer(peer).head();
        stop.wait();
    });
    Client client(kHttp);
    client.settings.closeTimeout = 100ms;
    ASSERT_TRUE(client.open(http(server)));
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(client.write(sound(0, Bytes(5'000, 'x'))));
    client.close();
    stop.open();
}

TEST(HttpFlvEnd, LogsWhatTheServerMakesOfTheWhole) {
    LogLines log;
    LoopbackServer server([&](Peer& peer) {
        HttpPeer post(peer);
        post.head();
        post.body();
        post.answer("507 Insufficient Storage for s3cr3t-key.flv");
        peer.untilClosed();
    });
    Client client(kHttp);
    client.settings.closeTimeout = 60s;
    ASSERT_TRUE(client.open(http(server)));
    ASSERT_TRUE(client.write(sound(0)));
    client.close();
    ASSERT_EQ(log.lines.size(), 1U);
    EXPECT_EQ(log.lines[0], "the end of the stream to http://127.0.0.1:" + std::to_string(server.port()) +
                                "/live/***: the server ended the stream: HTTP 507 Insufficient Storage for ***");
}

}  // namespace
}  // namespace livepusher::rtmp
