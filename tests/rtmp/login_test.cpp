// SPDX-License-Identifier: MIT
#include "rtmp/login.hpp"

#include <gtest/gtest.h>

namespace livepusher::rtmp {
namespace {

constexpr std::uint32_t kNonce = 42;

Login loginTo(const char* app, const char* user = "user") {
    return Login(*base::Url::parse(std::string("rtmp://") + user + ":pass%2Fword@h/" + app + "/key"), kNonce);
}

// The digests were computed with another implementation.
TEST(Login, AnswersAdobesQuestion) {
    auto login = loginTo("live");
    EXPECT_EQ(*login.answer("[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : "), "authmod=adobe&user=user");
    const char* question =
        "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=user&salt=c2FsdA==&challenge=Y2hhbA==";
    EXPECT_EQ(*loginTo("live").answer(question), "authmod=adobe&user=user&challenge=0000002a&response=5IflUiBAdPxoHhvXfs3b3g==");
    EXPECT_EQ(*login.answer(std::string(question) + "&opaque=b3BhcXVl"),
              "authmod=adobe&user=user&challenge=0000002a&response=C9vN8p6KPahsbmdgMRx+Qg==&opaque=b3BhcXVl");
}

TEST(Login, AnswersLimelightsQuestion) {
    const char* question = "[ AccessManager.Reject ] : [ authmod=llnw ] : ?reason=needauth&user=user&nonce=n0nce";
    EXPECT_EQ(*loginTo("live").answer("[ code=403 need auth; authmod=llnw ]"), "authmod=llnw&user=user");
    EXPECT_EQ(*loginTo("live").answer(question),
              "authmod=llnw&user=user&nonce=n0nce&cnonce=0000002a&nc=00000001&response=0116c96077bee27ec164f5b35db345eb");
    EXPECT_EQ(*loginTo("live/inst").answer(question),
              "authmod=llnw&user=user&nonce=n0nce&cnonce=0000002a&nc=00000001&response=221bc80cbe21e69e81672343767bbbdf");
}

TEST(Login, EndsWhereNoAnswerHelps) {
    const char* cases[][2] = {{"authmod=adobe ] : ?reason=authfailed&opaque=x", "user or password is wrong"},
                              {"authmod=adobe ] : ?reason=nosuchuser", "no such user"},
                              {"authmod=digest ]", "neither adobe's nor llnw's"}};
    for (const auto& [words, message] : cases) {
        const auto answer = loginTo("live").answer(words);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, Code::ServerClosed);
        EXPECT_TRUE(answer.error().permanent);
        EXPECT_NE(answer.error().message.find(message), std::string::npos) << answer.error().message;
    }
    auto login = loginTo("live");
    EXPECT_TRUE(login.answer("authmod=adobe"));
    EXPECT_TRUE(login.answer("authmod=adobe"));
    EXPECT_FALSE(login.answer("authmod=adobe")) << "a server that asks without end";
}

}  // namespace
}  // namespace livepusher::rtmp
