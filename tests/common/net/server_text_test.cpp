// SPDX-License-Identifier: MIT
#include "net/server_text.hpp"

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

TEST(ServerText, HidesTheKeyInAnotherCoding) {
    const char* key = "my key/a?sign=Zm9v%2Bab%3D";
    for (const char* said : {"my key/a", "my%20key%2Fa", "my+key/a", "my%2520key%252fa", "MY KEY/A", "Zm9v+ab=", "Zm9v%2bab%3d",
                             "my key/a?sign=Zm9v+ab=", "my%20key%2Fa%3Fsign%3DZm9v%252Bab%253D"})
        EXPECT_EQ(serverText(std::string("no ") + said + " here", key), "no *** here");
    EXPECT_EQ(serverText("100% and 5%zz", "abc%"), "100% and 5%zz");
}

TEST(ServerText, HidesAKeyThatTheServerCuts) {
    const char* key = "abcd-efgh-ijkl-mnop";
    EXPECT_EQ(serverText("no stream abcd-efgh...", key), "no stream ***...");
    EXPECT_EQ(serverText("no stream abcd-efgh-ij", key), "no stream ***");
    EXPECT_EQ(serverText("no stream ...h-ijkl-mnop", key), "no stream ...***");
    EXPECT_EQ(serverText("no stream secr", "secr3t"), "no stream ***");
    EXPECT_EQ(serverText("no t0ken, no s3cr3t", "folder/s3cr3t?sign=t0ken/x"), "no ***, no ***");
    EXPECT_EQ(serverText("no streams", "streamkey"), "no streams") << "a word that begins alike";
    EXPECT_EQ(serverText("kein ключ-потока", "ключ-потока-1"), "kein ***");
}

TEST(ServerText, HidesOfATargetWhatNamesTheStream) {
    const auto text = [](const char* said, const char* url, const char* key = "") {
        return serverText(said, secretsOf(*base::Url::parse(url, key)));
    };
    EXPECT_EQ(text("no app live2?backup=1 with abcd", "rtmp://h/live2?backup=1/abcd"), "no app live2*** with ***");
    EXPECT_EQ(text("no path mystream", "rtmp://h/mystream"), "no path ***");
    EXPECT_EQ(text("u:hunter2 at mystream", "rtmp://h/mystream?user=u&pass=hunter2"), "***:*** at ***");
    EXPECT_EQ(text("no app live for a b", "rtmp://h/live", "a b"), "no app live for ***");
}

TEST(ServerText, HidesAKeyThatCrossesTheCut) {
    const std::string key = "abcdefghijklmnop";
    EXPECT_EQ(serverText(std::string(195, '.') + key, key).find("abc"), std::string::npos);
    EXPECT_EQ(serverText(std::string(4090, ' ') + key, key).find("abc"), std::string::npos);
}

}  // namespace
}  // namespace livepusher::rtmp
