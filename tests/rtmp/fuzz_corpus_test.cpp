// SPDX-License-Identifier: MIT
// What the fuzzers of tests/fuzz ever learned is gone through again in every run. Each target's function has a name of
// its own here: see CMakeLists.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

extern "C" {
int fuzzInbound(const std::uint8_t* data, std::size_t size);
int fuzzHandshake(const std::uint8_t* data, std::size_t size);
int fuzzHttpAnswer(const std::uint8_t* data, std::size_t size);
int fuzzPlayInbound(const std::uint8_t* data, std::size_t size);
int fuzzFlvReader(const std::uint8_t* data, std::size_t size);
int fuzzFlvTags(const std::uint8_t* data, std::size_t size);
}

namespace {

using Bytes = std::vector<std::uint8_t>;

void forEach(const std::string& corpus, int least, const std::function<void(Bytes&)>& test) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LIVEPUSHER_CORPUS "/" + corpus)) {
        SCOPED_TRACE(entry.path().filename());
        std::ifstream in(entry.path(), std::ios::binary);
        Bytes bytes{std::istreambuf_iterator<char>(in), {}};
        test(bytes);
        ++files;
    }
    EXPECT_GE(files, least);
}

using Target = int (*)(const std::uint8_t*, std::size_t);

/// In the portions that its first byte tells, and cut anywhere.
void inPortionsAndCut(Bytes& bytes, Target target) {
    for (int portion = 0; portion < 4 && !bytes.empty(); ++portion) {
        EXPECT_EQ(target(bytes.data(), bytes.size()), 0);
        bytes[0] = static_cast<std::uint8_t>(1 + portion * 60);
    }
    const std::size_t step = std::max<std::size_t>(1, bytes.size() / 50);
    for (std::size_t size = 0; size < bytes.size(); size += step) {
        const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));  // its end is the memory's
        EXPECT_EQ(target(cut.data(), cut.size()), 0);
    }
}

TEST(FuzzCorpus, OfInboundBytesPassesInEveryPortionAndCutAnywhere) {
    forEach("inbound", 75, [](Bytes& bytes) { inPortionsAndCut(bytes, fuzzInbound); });
    forEach("inbound", 75, [](Bytes& bytes) { inPortionsAndCut(bytes, fuzzPlayInbound); });
    forEach("play_inbound", 20, [](Bytes& bytes) { inPortionsAndCut(bytes, fuzzPlayInbound); });
}

TEST(FuzzCorpus, OfFlvPassesInEveryPortionAndCutAnywhere) {
    forEach("flv_reader", 12, [](Bytes& bytes) { inPortionsAndCut(bytes, fuzzFlvReader); });
    forEach("flv_tags", 12, [](Bytes& bytes) {
        for (std::size_t size = 0; size <= bytes.size(); ++size) {
            const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
            EXPECT_EQ(fuzzFlvTags(cut.data(), cut.size()), 0);
        }
    });
}

TEST(FuzzCorpus, OfHandshakesPasses) {
    forEach("handshake", 9, [](const Bytes& bytes) { EXPECT_EQ(fuzzHandshake(bytes.data(), bytes.size()), 0); });
}

TEST(FuzzCorpus, OfHttpAnswersPasses) {
    forEach("http_answer", 14, [](const Bytes& bytes) { EXPECT_EQ(fuzzHttpAnswer(bytes.data(), bytes.size()), 0); });
}

}  // namespace
