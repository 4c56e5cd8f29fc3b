// SPDX-License-Identifier: MIT
#include "net/out_queue.hpp"

#include <gtest/gtest.h>

#include "bytes.hpp"

namespace livepusher::rtmp {
namespace {

using test::Bytes;

TEST(OutQueue, KeepsABlockUnchangedUntilItIsSent) {
    OutQueue queue;
    queue.append(Bytes{1, 2, 3});
    const auto block = queue.next();
    queue.append(Bytes{4, 5});
    EXPECT_EQ(queue.next().data(), block.data());
    EXPECT_EQ(queue.next().size(), 3U) << "nothing is added to it";
    queue.sent(2);
    EXPECT_EQ(queue.next().data(), block.data() + 2);
    EXPECT_EQ(queue.next().size(), 1U);
    queue.sent(1);
    EXPECT_FALSE(queue.empty());
    EXPECT_EQ(Bytes(queue.next().begin(), queue.next().end()), (Bytes{4, 5}));
    queue.sent(2);
    EXPECT_TRUE(queue.empty());
    EXPECT_TRUE(queue.next().empty());
}

TEST(OutQueue, GivesAllBytesInOrder) {
    OutQueue queue;
    Bytes in, out;
    for (std::size_t round = 0; round < 300; ++round) {
        Bytes part(round * 37 % 9001);
        for (std::size_t i = 0; i < part.size(); ++i) part[i] = static_cast<std::uint8_t>(in.size() + i * 3);
        in.insert(in.end(), part.begin(), part.end());
        queue.append(part);
        const auto block = queue.next();
        const std::size_t taken = std::min<std::size_t>(block.size(), round * 29 % 5000);
        out.insert(out.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(taken));
        queue.sent(taken);
    }
    while (!queue.empty()) {
        const auto block = queue.next();
        EXPECT_LE(block.size(), 16384U);
        out.insert(out.end(), block.begin(), block.end());
        queue.sent(block.size());
    }
    EXPECT_TRUE(in == out);
}

}  // namespace
}  // namespace livepusher::rtmp
