// SPDX-License-Identifier: MIT
#include "net/transport.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <future>
#include <thread>

#include "bytes.hpp"
#include "gate.hpp"
#include "loopback_server.hpp"
#include "temp_folder.hpp"
#include "tls_server.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;
using namespace std::chrono_literals;

/// Says what it is given, and keeps what it hears.
class Words final : public Protocol {
public:
    Result<void> handleInput(std::span<const std::uint8_t> bytes, Time) override {
        heard.insert(heard.end(), bytes.begin(), bytes.end());
        if (wrong) return *wrong;
        return {};
    }
    std::optional<Time> nextTimeout() const override { return timeout; }
    Error timedOut() const override { return {Code::ServerClosed, "too late"}; }
    Error lost(Error error) const override { return {error.code, "lost: " + error.message, error.native}; }
    void say(const Bytes& bytes) { output().insert(output().end(), bytes.begin(), bytes.end()); }

    Bytes heard;
    std::optional<Error> wrong;
    std::optional<Time> timeout;
};

class TransportTest : public ::testing::Test {
protected:
    Result<void> connect(const LoopbackServer& server, std::chrono::milliseconds stall = 15s) {
        return transport_.connect({.host = "127.0.0.1", .port = server.port()}, 10s, stall);
    }
    Error failure() {
        for (;;)
            if (auto done = transport_.turn(words_); !done) return done.error();
    }

    Transport transport_;
    Words words_;
};

TEST_F(TransportTest, CarriesBytesBothWaysAndCountsThem) {
    LoopbackServer server([](Peer& peer) {
        peer.send(peer.read(100'000));
        peer.untilClosed();
    });
    ASSERT_TRUE(connect(server));
    words_.say(Bytes(100'000, 'x'));
    while (words_.heard.size() < 100'000) ASSERT_TRUE(transport_.turn(words_));
    EXPECT_TRUE(words_.heard == Bytes(100'000, 'x'));
    const auto figures = transport_.statistics();
    EXPECT_EQ(figures.bytesSent, 100'000U);
    EXPECT_EQ(figures.bytesQueued, 0U);
    EXPECT_EQ(figures.serverIp, "127.0.0.1");
    transport_.reset();
}

TEST_F(TransportTest, FailsWithTheFirstErrorAndStaysSo) {
    LoopbackServer server([](Peer& peer) { peer.send(text("nonsense")); });
    EXPECT_EQ(transport_.turn(words_).error().code, Code::InvalidState);
    ASSERT_TRUE(connect(server));
    words_.wrong = Error{Code::TransferFailed, "nonsense"};
    EXPECT_EQ(failure().message, "nonsense");
    transport_.cancel();
    EXPECT_EQ(transport_.turn(words_).error().message, "nonsense");
    EXPECT_EQ(transport_.waitForRoom(words_, 0).error().message, "nonsense");
}

TEST_F(TransportTest, LetsTheProtocolSayHowItWasLost) {
    LoopbackServer closing([](Peer&) {});
    ASSERT_TRUE(connect(closing));
    EXPECT_EQ(failure().message, "lost: the server closed the connection");
    Gate there;
    LoopbackServer resetting([&](Peer& peer) {
        there.wait();
        peer.reset();
    });
    ASSERT_TRUE(connect(resetting)) << "another connection is another beginning";
    there.open();
    const auto error = failure();
    EXPECT_EQ(error.code, Code::TransferFailed);
    EXPECT_EQ(error.native, ECONNRESET);
}

TEST_F(TransportTest, KnowsAResetFromAnEndAlsoWithSomethingToSend) {
    Gate there;
    LoopbackServer server([&](Peer& peer) {
        there.wait();
        peer.reset();
    });
    ASSERT_TRUE(connect(server));
    there.open();
    server.wait();
    words_.say({1});
    EXPECT_EQ(failure().native, ECONNRESET);
}

TEST_F(TransportTest, WakesForTheProtocolsTimeForTheCallersAndForAWake) {
    LoopbackServer server([](Peer& peer) { peer.untilClosed(); });
    ASSERT_TRUE(connect(server));
    EXPECT_TRUE(transport_.turn(words_, Transport::Clock::now() + 1ms));
    base::EventFd wake;
    wake.signal();
    EXPECT_TRUE(transport_.turn(words_, Transport::kForEver, &wake));
    words_.timeout = Transport::Clock::now() + 1ms;
    EXPECT_EQ(failure().message, "too late");
    transport_.reset();
}

TEST_F(TransportTest, EndsAnyWaitWhenItIsCancelled) {
    Gate there;
    LoopbackServer server([&](Peer& peer) {
        peer.read(1);
        there.open();
        peer.untilClosed();
    });
    ASSERT_TRUE(connect(server));
    words_.say({1});
    auto waiting = std::async(std::launch::async, [&] { return failure(); });
    there.wait();
    transport_.cancel();
    EXPECT_EQ(waiting.get().code, Code::Cancelled);
    EXPECT_EQ(connect(server).error().code, Code::Cancelled);
}

TEST_F(TransportTest, SendsAllBeforeAnOrderlyEnd) {
    std::size_t got = 0;
    Peer::Closed closed{true};
    LoopbackServer server([&](Peer& peer) {
        got = peer.read(3'000'000).size();
        closed = peer.untilClosed();
    });
    ASSERT_TRUE(connect(server));
    words_.say(Bytes(3'000'000, 'x'));
    transport_.finish(words_, Transport::Clock::now() + 60s);
    server.wait();
    EXPECT_EQ(got, 3'000'000U);
    EXPECT_FALSE(closed.byReset);
    EXPECT_FALSE(transport_.turn(words_));
}

TEST_F(TransportTest, SendsAlsoWhileAServerNeverStopsTalking) {
    Gate heard;
    LoopbackServer server([&](Peer& peer) {
        std::thread talking([&] {
            try {
                for (;;) peer.send(Bytes(100'000, 'x'));
            } catch (const Peer::Closed&) {
            }
        });
        peer.read(10);
        heard.open();
        peer.untilClosed();
        talking.join();
    });
    ASSERT_TRUE(connect(server));
    words_.say(Bytes(10, 'y'));
    while (!heard.isOpen()) {
        ASSERT_TRUE(transport_.turn(words_));
        words_.heard.clear();
    }
    transport_.reset();
}

TEST_F(TransportTest, WritingOverTlsToAServerThatIsGoneRaisesNoSignal) {
    const capture::SelfSigned identity({127, 0, 0, 1});
    const capture::TempFolder folder;
    const auto ca = folder.write("ca.pem", identity.pem());
    capture::TlsServer server(identity, "body");
    const auto url = server.url("");
    const int port = std::stoi(url.substr(url.rfind(':') + 1));
    Connection connection;
    const base::EventFd never;
    ASSERT_TRUE(
        connection.connect({"127.0.0.1", port, true, {.caFile = ca, .proxy = {}, .networkInterface = {}}}, 10s, never.fd()));
    const auto request = text("GET / HTTP/1.1\r\n\r\n");
    ASSERT_EQ(connection.send(request).bytes, request.size());
    using enum Connection::Transfer::State;
    Bytes answer(4096);
    while (connection.receive(answer).state != Ended) std::this_thread::yield();
    const Bytes more(16'384, 'x');
    for (auto state = Done; state != Failed; state = connection.send(more).state) std::this_thread::yield();
    EXPECT_EQ(connection.send(more).state, Failed) << "by now it is EPIPE, which raises one by default";
}

}  // namespace
}  // namespace livepusher::rtmp
