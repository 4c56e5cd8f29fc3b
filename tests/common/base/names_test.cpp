// SPDX-License-Identifier: MIT
#include <livepusher/names.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace livepusher {
namespace {

TEST(Names, KebabCaseKeepsARunOfCapitalsTogether) {
    EXPECT_EQ(kebabCase("minBitrate"), "min-bitrate");
    EXPECT_EQ(kebabCase("playBGM"), "play-bgm");
    EXPECT_EQ(kebabCase("setBGMVolume"), "set-bgm-volume");
    EXPECT_EQ(kebabCase("ca-file"), "ca-file");
    EXPECT_EQ(kebabCase("fps"), "fps");
    EXPECT_EQ(kebabCase(""), "");
}

TEST(Names, ATypingErrorIsRecognizedAndAStrangeWordIsNot) {
    const std::vector<std::string> names{"fps", "beauty", "minBitrate", "maxBitrate"};
    EXPECT_EQ(nearestName("beuaty", names), "beauty");
    EXPECT_EQ(nearestName("minbitrate", names), "minBitrate");
    EXPECT_EQ(nearestName("max-bitrat", names), "maxBitrate");
    EXPECT_EQ(nearestName("fsp", names), "fps");
    EXPECT_EQ(nearestName("refrigerator", names), "");
    EXPECT_EQ(nearestName("", names), "");
    EXPECT_EQ(nearestName("fps", {}), "");
    EXPECT_EQ(nearestName(std::string(1000, 'x'), names), "");
}

}  // namespace
}  // namespace livepusher
