// SPDX-License-Identifier: MIT
#include "base/log.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace livepusher {

TEST(Log, TheHandlerGetsLinesFromTheLevelOnAndNoOthers) {
    std::vector<std::string> lines;
    setLogHandler([&](LogLevel, std::string_view text) { lines.emplace_back(text); });
    setLogLevel(LogLevel::Info);
    base::log(LogLevel::Debug, "no");
    base::log(LogLevel::Warning, "yes");
    EXPECT_TRUE(base::logs(LogLevel::Info));
    EXPECT_FALSE(base::logs(LogLevel::Debug));
    setLogLevel(LogLevel::Off);
    base::log(LogLevel::Error, "off");
    setLogHandler({});
    setLogLevel(LogLevel::Warning);
    EXPECT_EQ(lines, std::vector<std::string>{"yes"});
}

}  // namespace livepusher
