// SPDX-License-Identifier: MIT
#include "reconnect_case.hpp"
#include "sanitized.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace livepusher::testing {
namespace {

long entries(const char* folder) {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator{});
}

long residentMemory() {
    long total = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace

TEST(Reconnect, ManyReconnectsLeaveNothingBehind) {
    const char* wanted = std::getenv("LIVEPUSHER_TEST_RECONNECTS");
    const int count = wanted ? std::max(40, std::atoi(wanted)) : 100;
    const int warm = count / 4;  // libraries set themselves up, the allocator finds its size
    struct Footprint {
        long memory = 0, threads = 0, files = 0;
    };
    const auto footprint = [] {
        Footprint now{residentMemory(), entries("/proc/self/task"), entries("/proc/self/fd")};
        return now;
    };
    Footprint before, after;
    int connections = 0;
    LoopbackServer server(
        [&](Peer& peer) {
            peer.accept();
            Received().take(peer, 6);
            ++connections;  // here each time: a connection stands and carries media
            if (connections == warm) before = footprint();
            if (connections == count) after = footprint();
            peer.reset();
        },
        false, count);
    {
        LinkRig rig(target(server.port()),
                    {std::vector<std::chrono::milliseconds>(static_cast<std::size_t>(count) - 1, 1ms), false});
        server.wait();
        EXPECT_TRUE(rig.journal.await("gave up"));
        const auto tries = rig.journal.seen("1102");
        EXPECT_GE(tries, static_cast<std::size_t>(count) - 1);
        // An end just after the publish may be a server's that still holds our name: such are asked again, and not counted.
        EXPECT_LE(tries, static_cast<std::size_t>(count) - 1 + rig.journal.holding("to get the stream's name back"));
    }
    const double slope = static_cast<double>(after.memory - before.memory) / 1024 / (count - warm);
    std::printf("%d reconnects: %+.2f KiB each (%ld to %ld KiB resident), %ld to %ld threads, %ld to %ld descriptors\n",
                count - 1, slope, before.memory / 1024, after.memory / 1024, before.threads, after.threads, before.files,
                after.files);
    EXPECT_LE(after.threads, before.threads + 1);  // one that has been joined may not be gone from /proc yet
    EXPECT_LE(after.files, before.files);
    if (!kSanitized) {
        EXPECT_LT(slope, count >= 400 ? 4 : 12) << "KiB";  // with few of them an allocator's next arena weighs much
    }
}

}  // namespace livepusher::testing
