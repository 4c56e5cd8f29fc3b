// SPDX-License-Identifier: MIT
#include "base/log.hpp"
#include "base/repeated_lines.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace livepusher {

using namespace std::chrono_literals;

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

TEST(Log, AWarningThatRepeatsIsWrittenOnceAndTheRestCounted) {
    std::vector<std::string> lines;
    setLogHandler([&](LogLevel, std::string_view text) { lines.emplace_back(text); });
    setLogLevel(LogLevel::Warning);
    for (int n = 0; n < 85; ++n) base::log(LogLevel::Warning, "film: " + std::to_string(500 + n) + " ms late");
    base::log(LogLevel::Warning, "another");
    for (int n = 0; n < 3; ++n) base::log(LogLevel::Error, "an error");
    for (int n = 0; n < 3; ++n) base::logEvent(LogLevel::Warning, "1102 attempt");
    base::logWhatWasLeftOut();
    base::logWhatWasLeftOut();
    setLogHandler({});
    EXPECT_EQ(lines,
              (std::vector<std::string>{"film: 500 ms late", "another", "an error", "an error", "an error", "1102 attempt",
                                        "1102 attempt", "1102 attempt", "84 lines like this were left out: film: 501 ms late"}));
}

TEST(RepeatedLines, OneComesAgainAfterTenSecondsAndSaysWhatWasLeftOut) {
    base::RepeatedLines r;
    EXPECT_TRUE(r.note("1 ms late", 0s).write);
    EXPECT_FALSE(r.note("2 ms late", 1s).write);
    EXPECT_FALSE(r.note("3 ms late", 9'999ms).write);
    EXPECT_TRUE(r.note("too early", 1s).write);
    const auto again = r.note("4 ms late", 10s);
    EXPECT_TRUE(again.write);
    EXPECT_EQ(again.addition, " (2 lines like it were left out before)");
    EXPECT_TRUE(r.owed(30s).empty());
}

TEST(RepeatedLines, WhatDoesNotComeAgainIsToldToo) {
    base::RepeatedLines r;
    r.note("1 ms late", 0s);
    r.note("2 ms late", 1s);
    EXPECT_TRUE(r.owed(9s).empty());
    EXPECT_EQ(r.owed(10s), std::vector<std::string>{"1 line like this was left out: 2 ms late"});
    EXPECT_TRUE(r.owed(30s).empty());
}

TEST(RepeatedLines, NamesAreNotFigures) {
    const auto shape = base::RepeatedLines::shapeOf;
    EXPECT_EQ(shape("encoding takes 80 % (of 33.3 ms)"), shape("encoding takes 120 % (of 41.7 ms)"));
    EXPECT_NE(shape("camera /dev/video0: slow"), shape("camera /dev/video1: slow"));
    EXPECT_NE(shape("file \"part 1.mp4\": slow"), shape("file \"part 2.mp4\": slow"));
}

TEST(RepeatedLines, HundredsOfKindsTakeNoMemory) {
    base::RepeatedLines r;
    std::string kind;
    for (int n = 0; n < 1000; ++n) EXPECT_TRUE(r.note(kind += 'x', Timestamp(n)).write);
    EXPECT_FALSE(r.note(kind, Timestamp(1000)).write);
    EXPECT_TRUE(r.note("x", Timestamp(1001)).write) << "the oldest has been forgotten";
}

}  // namespace livepusher
