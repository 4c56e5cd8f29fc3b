// SPDX-License-Identifier: MIT
#include "net/http_answer.hpp"

#include <gtest/gtest.h>

namespace livepusher::rtmp {
namespace {

std::string said(std::string_view line) { return HttpStatus::parse(line).text("s3cr3t.flv?sign=t0ken", "passw0rd"); }

TEST(HttpAnswer, TakesAStatusLineApart) {
    EXPECT_EQ(said("HTTP/1.1 403 Forbidden\r\n"), "HTTP 403 Forbidden");
    EXPECT_EQ(said("HTTP/1.1 403\r\n"), "HTTP 403");
    EXPECT_EQ(said("HTTP/1.0  503   Busy,  later \n"), "HTTP 503 Busy,  later");
    for (const char* line : {"", "\r\n", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 x", "HTTP/1.1 40", "HTTP/1.1 -12 x", "HTTP/1.1 099 x",
                             "Server: HTTP/1.1 403 x"})
        EXPECT_EQ(HttpStatus::parse(line).code, 0) << line;
}

TEST(HttpAnswer, RepeatsNoSecretAndNoLongText) {
    EXPECT_EQ(said("HTTP/1.1 404 no stream s3cr3t"), "HTTP 404 no stream ***");
    EXPECT_EQ(said("HTTP/1.1 404 no s3cr3t.flv?sign=t0ken (t0ken, passw0rd)"), "HTTP 404 no *** (***, ***)");
    EXPECT_EQ(said("HTTP/1.1 404 a\x1b[31m\x07z"), "HTTP 404 a [31m z");
    EXPECT_TRUE(said("HTTP/1.1 404 " + std::string(190, 'x') + " passw0rd s3cr3t").ends_with("x *** ***"));
    EXPECT_LT(said("HTTP/1.1 404 " + std::string(90'000, 'x')).size(), 220U);
}

TEST(HttpAnswer, KnowsWhatTryingAgainCanChange) {
    for (const int code : {101, 301, 307, 308, 400, 401, 403, 404, 405, 413, 501, 505})
        EXPECT_TRUE((HttpStatus{code, ""}.isPermanent())) << code;
    for (const int code : {200, 204, 408, 409, 425, 429, 500, 502, 503, 504})
        EXPECT_FALSE((HttpStatus{code, ""}.isPermanent())) << code;
    EXPECT_TRUE((HttpStatus{100, ""}.isInterim()));
    EXPECT_FALSE((HttpStatus{101, ""}.isInterim()));
}

}  // namespace
}  // namespace livepusher::rtmp
