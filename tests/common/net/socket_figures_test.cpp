// SPDX-License-Identifier: MIT
// What the kernel tells of a connection whose server doesn't read.
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <vector>

#include "net/socket.hpp"

namespace livepusher::rtmp {
namespace {

using namespace std::chrono_literals;

/// A connection on loopback, of which the server's end takes little.
class SocketFigures : public ::testing::Test {
protected:
    void SetUp() override {
        const int little = 4096;
        setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* name = reinterpret_cast<sockaddr*>(&address);
        ASSERT_EQ(bind(listener_, name, size), 0);
        ASSERT_EQ(listen(listener_, 1), 0);
        ASSERT_EQ(getsockname(listener_, name, &size), 0);
        ASSERT_EQ(connect(client_, name, size), 0);
        server_ = accept(listener_, nullptr, nullptr);
        ASSERT_NE(server_, -1);
        tuneSocket(client_);
    }
    ~SocketFigures() override {
        for (const int each : {listener_, client_, server_}) close(each);
    }
    LinkStatistics figures() const {
        LinkStatistics out;
        addSocketFigures(client_, out);
        return out;
    }
    void fill() const {
        const std::vector<char> bytes(16'384);
        while (send(client_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
        }
    }
    void drain() const {
        std::vector<char> bytes(65'536);
        while (recv(server_, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
        }
    }
    /// Nothing wakes whoever waits for the kernel's counters: they have to be asked for.
    template <class Condition>
    bool soon(Condition condition) const {
        for (const auto until = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < until;
             std::this_thread::sleep_for(1ms))
            if (condition()) return true;
        return false;
    }

    const int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int client_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int server_ = -1;
};

TEST_F(SocketFigures, TellForHowLongTheServerHasNotRead) {
    if (!figures().use) GTEST_SKIP() << "this kernel doesn't tell (before Linux 4.10)";
    fill();
    EXPECT_TRUE(soon([this] { return figures().use->unread > 20ms; }));
    EXPECT_GT(figures().bytesUnsent, 0U);
    EXPECT_GE(figures().use->busy, figures().use->unread);
    EXPECT_TRUE(soon([this] {
        drain();
        return figures().bytesUnsent + figures().bytesInFlight == 0;
    }));
    const auto before = figures().use->busy;
    EXPECT_EQ(figures().use->busy, before) << "with nothing to carry it is not busy";
}

}  // namespace
}  // namespace livepusher::rtmp
