// SPDX-License-Identifier: MIT
#include "rtmp/server_text.hpp"

#include <gtest/gtest.h>

namespace livepusher::rtmp {
namespace {

TEST(ServerText, KeepsPrintableWordsInAnyLanguage) {
    EXPECT_EQ(serverText("Already publishing", "key1"), "Already publishing");
    EXPECT_EQ(serverText("流已存在 – ошибка", "key1"), "流已存在 – ошибка");
}

TEST(ServerText, LeavesNoControlAndNoBrokenUtf8) {
    EXPECT_EQ(serverText("a\r\n\tb\x1b[31m", "key1"), "a b [31m");
    EXPECT_EQ(serverText("\xff\xc0\x80\xed\xa0\x80z\xe2\x82", "key1"), "??????z??");
    EXPECT_EQ(serverText("a\u202eb\u2028c\u0085d", "key1"), "a b c d");
    EXPECT_EQ(serverText(std::string_view("a\0b", 3), "key1"), "a b");
}

TEST(ServerText, IsShort) {
    const auto cut = serverText(std::string(70000, 'x'), "key1");
    EXPECT_EQ(cut.size(), 200 + std::string("…").size());
    const auto letters = serverText(std::string(199, 'x') + "é", "key1");
    EXPECT_EQ(letters, std::string(199, 'x') + "…") << "no letter is cut in two";
}

TEST(ServerText, HidesTheKeyAndItsParts) {
    const char* key = "my-stream?secret=abcd1234&t=55";
    EXPECT_EQ(serverText("app/my-stream?secret=abcd1234&t=55 exists", key), "app/*** exists");
    EXPECT_EQ(serverText("my-stream exists", key), "*** exists");
    EXPECT_EQ(serverText("bad secret=abcd1234&t=55", key), "bad ***");
    EXPECT_EQ(serverText("wrong abcd1234", key), "wrong ***");
    EXPECT_EQ(serverText("time 55, port 1551", key), "time ***, port 1551") << "short parts are words only";
    EXPECT_EQ(serverText("my-\x01stream", key).find("my-stream"), std::string::npos);
    EXPECT_EQ(serverText("a bad app", "a"), "*** bad app");
}

TEST(ServerText, HidesAKeyThatCrossesTheCut) {
    const std::string key = "abcdefghijklmnop";
    EXPECT_EQ(serverText(std::string(195, '.') + key, key).find("abc"), std::string::npos);
    EXPECT_EQ(serverText(std::string(4090, ' ') + key, key).find("abc"), std::string::npos);
}

}  // namespace
}  // namespace livepusher::rtmp
