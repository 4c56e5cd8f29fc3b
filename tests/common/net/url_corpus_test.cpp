// SPDX-License-Identifier: MIT
// What the fuzzer of URLs ever learned is gone through again in every run, cut anywhere.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

TEST(UrlCorpus, PassesCutAnywhere) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LIVEPUSHER_CORPUS "/url")) {
        SCOPED_TRACE(entry.path().filename());
        std::ifstream in(entry.path(), std::ios::binary);
        const std::vector<char> read{std::istreambuf_iterator<char>(in), {}};
        for (std::size_t size = 0; size <= read.size(); ++size) {
            const std::vector<std::uint8_t> bytes(read.begin(), read.begin() + static_cast<std::ptrdiff_t>(size));
            EXPECT_EQ(LLVMFuzzerTestOneInput(bytes.data(), bytes.size()), 0);
        }
        ++files;
    }
    EXPECT_GE(files, 9);
}

}  // namespace
