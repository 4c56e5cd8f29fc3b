// SPDX-License-Identifier: MIT
#include "base/event_fd.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

namespace livepusher::base {
namespace {

bool isReadable(int fd, int most = 0) {
    pollfd polled{.fd = fd, .events = POLLIN, .revents = 0};
    return poll(&polled, 1, most) == 1 && (polled.revents & POLLIN) != 0;
}

TEST(EventFd, IsReadableFromASignalToTheNextDrain) {
    const EventFd event;
    ASSERT_TRUE(event.check());
    EXPECT_FALSE(isReadable(event.fd()));
    for (int i = 0; i < 3; ++i) event.signal();
    EXPECT_TRUE(isReadable(event.fd()));
    event.drain();
    EXPECT_FALSE(isReadable(event.fd()));
    event.drain();  // does not wait
    event.signal();
    EXPECT_TRUE(isReadable(event.fd()));
}

TEST(EventFd, IsNotInherited) {
    const EventFd event;
    EXPECT_TRUE(fcntl(event.fd(), F_GETFD) & FD_CLOEXEC);
}

TEST(EventFd, IsClosedWithItsOwnerWhichMayChange) {
    int fd = -1;
    {
        EventFd first;
        fd = first.fd();
        EventFd second(std::move(first));
        EXPECT_EQ(second.fd(), fd);
        EXPECT_EQ(first.fd(), -1);  // NOLINT(bugprone-use-after-move)
        first.signal();             // wakes nobody
    }
    EXPECT_EQ(fcntl(fd, F_GETFD), -1);
}

/// For a process of its own: which step was not as it should be, or 0.
int makeWithoutDescriptors() {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_NOFILE, &none) != 0) return 1;
    const EventFd event;
    const auto made = event.check();
    if (made || made.error().native != EMFILE) return 2;
    if (made.error().message != "out of file descriptors: Too many open files") return 3;
    event.signal();
    event.drain();
    return event.fd() == -1 ? 0 : 4;
}

TEST(EventFdDeathTest, SaysThatThereIsNoDescriptorLeft) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(std::_Exit(makeWithoutDescriptors()), testing::ExitedWithCode(0), "");
}

/// Whoever sets something and signals is seen, however many do and however it falls together with a drain.
TEST(EventFd, LosesNoSignalOfManyThreads) {
    constexpr int kThreads = 4, kEach = 5000;
    constexpr int kLong = 60'000;  // ms; never waited for where all is right
    const EventFd event;
    std::atomic<int> posted{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < kEach; ++n) {
                ++posted;
                event.signal();
            }
        });
    for (int seen = 0; seen < kThreads * kEach; seen = posted) {
        ASSERT_TRUE(isReadable(event.fd(), kLong));
        event.drain();
    }
}

}  // namespace
}  // namespace livepusher::base
