// SPDX-License-Identifier: MIT
// What other programs and forks of this one get of our connections: nothing.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include "net/connection.hpp"

namespace livepusher::rtmp {
namespace {

using namespace std::chrono_literals;

/// A server that takes one connection and listens.
class Listener {
public:
    Listener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(listen(fd_, 1), 0);
        EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
        port = ntohs(address.sin_port);
    }
    ~Listener() {
        if (peer_ != -1) close(peer_);
        close(fd_);
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    void accept() { peer_ = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC); }
    /// Whether the client ends the connection, in whatever way.
    bool hearsTheEnd() const {
        pollfd entry{peer_, POLLIN, 0};
        if (poll(&entry, 1, 20'000) != 1) return false;
        char byte = 0;
        return recv(peer_, &byte, 1, 0) <= 0;
    }

    int port = 0;

private:
    const int fd_;
    int peer_ = -1;
};

/// A copy of this process with all its descriptors.
class Fork {
public:
    Fork() : pid_(fork()) {
        if (pid_ == 0)
            for (;;) pause();
    }
    ~Fork() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    Fork(const Fork&) = delete;
    Fork& operator=(const Fork&) = delete;

private:
    const pid_t pid_;
};

/// The number and kind of each descriptor that a program which is started now would get.
std::vector<std::string> inherited() {
    std::vector<std::string> found;
    for (int fd = 0; fd < 256; ++fd) {
        const int flags = fcntl(fd, F_GETFD);
        if (flags < 0 || (flags & FD_CLOEXEC) != 0) continue;
        std::error_code gone;
        found.push_back(std::to_string(fd) + " " +
                        std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), gone).string());
    }
    return found;
}

class Descriptors : public ::testing::Test {
protected:
    void connect() {
        Endpoint endpoint;
        endpoint.host = "127.0.0.1";
        endpoint.port = listener.port;
        const auto connected = connection.connect(endpoint, 10s, never);
        ASSERT_TRUE(connected) << connected.error().message;
        listener.accept();
    }
    void TearDown() override { close(never); }

    const int never = eventfd(0, EFD_CLOEXEC);
    Listener listener;
    Connection connection;
};

TEST_F(Descriptors, NoOtherProgramInheritsAConnection) {
    const auto before = inherited();
    connect();
    EXPECT_EQ(inherited(), before);
}

TEST_F(Descriptors, AForkKeepsNoConnectionThatIsReset) {
    connect();
    const Fork fork;
    connection.reset();
    EXPECT_TRUE(listener.hearsTheEnd());
}

TEST_F(Descriptors, AForkKeepsNoConnectionThatIsFinished) {
    connect();
    const Fork fork;
    connection.finish(std::chrono::steady_clock::now(), never);
    EXPECT_TRUE(listener.hearsTheEnd());
}

}  // namespace
}  // namespace livepusher::rtmp
