// SPDX-License-Identifier: MIT
#include "net/curl_descriptors.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace livepusher::base {
namespace {

bool isInherited(int descriptor) { return (fcntl(descriptor, F_GETFD) & FD_CLOEXEC) == 0; }

/// What is made by the library whose pair is looked for.
struct Pair {
    Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0); }
    ~Pair() {
        for (const int each : ends) ::close(each);
    }
    void wakeUp() const { EXPECT_EQ(write(ends[1], "", 1), 1); }
    bool has(int descriptor) const { return std::ranges::find(ends, descriptor) != ends.end(); }
    std::array<int, 2> ends{-1, -1};
};

TEST(WakeUpPair, IsTheOneThatSpeaks) {
    const Pair before;
    WakeUpPair pair;
    const Pair its, anothers;
    EXPECT_TRUE(pair.close([&] { its.wakeUp(); }));
    for (const int each : its.ends) EXPECT_FALSE(isInherited(each));
    for (const auto* other : {&before, &anothers})
        for (const int each : other->ends) EXPECT_TRUE(isInherited(each));
}

TEST(WakeUpPair, IsKnownThoughItHasANumberThatWasAnothersBefore) {
    const int other = open("/dev/null", O_RDONLY | O_CLOEXEC);
    WakeUpPair pair;
    ::close(other);
    const Pair its;
    ASSERT_TRUE(its.has(other));
    EXPECT_TRUE(pair.close([&] { its.wakeUp(); }));
    for (const int each : its.ends) EXPECT_FALSE(isInherited(each));
}

TEST(WakeUpPair, ThatIsNotThereIsNotFound) {
    WakeUpPair pair;
    EXPECT_FALSE(pair.close([] {}));
}

}  // namespace
}  // namespace livepusher::base
