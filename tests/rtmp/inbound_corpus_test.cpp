// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

TEST(InboundCorpus, PassesWithEverythingTheFuzzerEverLearned) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LIVEPUSHER_CORPUS "/inbound")) {
        SCOPED_TRACE(entry.path().filename());
        std::ifstream in(entry.path(), std::ios::binary);
        std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
        for (int portion = 0; portion < 4 && !bytes.empty(); ++portion) {
            EXPECT_EQ(LLVMFuzzerTestOneInput(bytes.data(), bytes.size()), 0);
            bytes[0] = static_cast<std::uint8_t>(1 + portion * 60);
        }
        ++files;
    }
    EXPECT_GE(files, 20);
}

}  // namespace
