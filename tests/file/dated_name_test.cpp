// SPDX-License-Identifier: MIT
#include "file/dated_name.hpp"

#include <gtest/gtest.h>

namespace livepusher::file {
namespace {

TEST(DatedName, HasTheLocalTimeWhereItIsAskedFor) {
    std::tm day{};
    day.tm_year = 2031 - 1900;
    day.tm_mon = 1;
    day.tm_mday = 3;
    day.tm_hour = 4;
    day.tm_min = 5;
    day.tm_sec = 6;
    day.tm_isdst = -1;
    const auto when = std::mktime(&day);
    EXPECT_EQ(datedName("rec-%Y%m%d-%H%M%S.mp4", when), "rec-20310203-040506.mp4");
    EXPECT_EQ(datedName("%y/%j.mkv", when), "31/034.mkv");
}

TEST(DatedName, LeavesEveryOtherNameAsItIs) {
    for (const auto* name : {"out.mp4", "a b%20c.mp4", "100%.mp4", "%", "%Q%-d.mkv"}) EXPECT_EQ(datedName(name, 0), name);
    EXPECT_EQ(datedName("100%%Y.mp4", 0), "100%Y.mp4");
}

}  // namespace
}  // namespace livepusher::file
