// SPDX-License-Identifier: MIT
#include <livepusher/codes.hpp>

#include <gtest/gtest.h>

#include <set>

namespace livepusher {

TEST(Codes, AllNumbersAndNamesAreDistinctAndExplained) {
    std::set<int> numbers;
    std::set<std::string_view> names;
    for (const auto& info : allCodes()) {
        EXPECT_TRUE(numbers.insert(static_cast<int>(info.code)).second) << info.name;
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_FALSE(info.text.empty()) << info.name;
        EXPECT_FALSE(info.advice.empty()) << info.name;
    }
}

TEST(Codes, TheContractsNumbersAreAllThere) {
    for (const int number : {0,     1001,  1002,  1003,  1004,  1005,  1006,  1007,  1008,  1009,  1010,  1018,  1019,
                             1020,  1021,  1022,  1031,  1032,  1033,  1034,  1101,  1102,  1103,  1104,  1105,  1106,
                             1107,  3001,  3002,  3003,  3004,  3005,  4998,  4999,  5000,  5001,  10001, 10002, 10003,
                             10004, -1301, -1302, -1303, -1304, -1305, -1306, -1307, -1308, -1309, -1310, -1311, -1312})
        EXPECT_NE(describeCode(number), nullptr) << number;
}

TEST(Codes, ANumberInNoTableHasNoDescription) { EXPECT_EQ(describeCode(4711), nullptr); }

}  // namespace livepusher
