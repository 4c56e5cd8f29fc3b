// SPDX-License-Identifier: MIT
#include "flv/http_post.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <clocale>
#include <string>

#include "bytes.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;

std::string said(HttpPost& post) {
    const std::string out(post.output().begin(), post.output().end());
    post.output().clear();
    return out;
}

std::string headFor(const char* url) {
    HttpPost post(*base::Url::parse(url));
    post.begin();
    return said(post);
}

/// What comes of an answer in portions of so many bytes.
struct Heard {
    explicit Heard(const std::string& answer, std::size_t portion = 1, bool accepted = false)
        : post(*base::Url::parse("http://me:passw0rd@live.example/app/s3cr3t.flv?token=t0ken")) {
        if (accepted) post.accept();
        for (std::size_t at = 0; at < answer.size() && done; at += portion)
            done = post.handleInput(text(answer.substr(at, portion)), {});
    }
    HttpPost post;
    Result<void> done;
};

TEST(HttpPost, AsksForWhatTheUrlSays) {
    EXPECT_EQ(headFor("http://live.example/app/key.flv?a=b"),
              "POST /app/key.flv?a=b HTTP/1.1\r\nHost: live.example\r\nUser-Agent: livepusher/" LIVEPUSHER_VERSION
              "\r\nAccept: */*\r\nTransfer-Encoding: chunked\r\nContent-Type: video/x-flv\r\n\r\n");
    const auto expectHost = [](const char* url, const char* host) {
        EXPECT_NE(headFor(url).find(std::string("\r\nHost: ") + host + "\r\n"), std::string::npos) << headFor(url);
    };
    expectHost("https://live.example/key.flv", "live.example");
    expectHost("https://live.example:80/key.flv", "live.example:80");
    expectHost("http://[::1]:8080/key.flv", "[::1]:8080");
    std::setlocale(LC_ALL, "C.UTF-8");
    expectHost(
        "http://b\xC3\xBC"
        "cher.example/key.flv",
        "xn--bcher-kva.example");
    std::setlocale(LC_ALL, "C");
    EXPECT_NE(headFor("http://us%20er:pass@h/key.flv").find("\r\nAuthorization: Basic dXMgZXI6cGFzcw==\r\n"), std::string::npos);
}

TEST(HttpPost, WritesChunksAndAnEnd) {
    HttpPost post(*base::Url::parse("http://h/key.flv"));
    post.write(Bytes(26, 'x'));
    post.write(Bytes(1, 'y'));
    post.end();
    EXPECT_EQ(said(post), "1a\r\n" + std::string(26, 'x') + "\r\n1\r\ny\r\n0\r\n\r\n");
}

TEST(HttpPost, ReadsAnAnswerInAnyPortions) {
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\n";
    for (const std::size_t portion : {1U, 7U, 1000U}) {
        EXPECT_FALSE(Heard(interim, portion).post.answered());
        EXPECT_FALSE(Heard(interim + "HTTP/1.1 200 OK\r\nX: y\r\n", portion).post.answered());
        const Heard whole(interim + "HTTP/1.1 200 OK\r\nX: y\r\n\r\nany body", portion);
        EXPECT_TRUE(whole.done);
        EXPECT_TRUE(whole.post.answered());
        EXPECT_EQ(whole.post.lost({Code::ServerClosed, "closed"}).message, "the server ended the stream: HTTP 200 OK");
        EXPECT_EQ(whole.post.lost({Code::TransferFailed, "reset"}).message, "reset");
    }
    EXPECT_TRUE(Heard("").post.silent());
    EXPECT_TRUE(Heard("HTTP/1.0 204\n\n").post.answered());
}

TEST(HttpPost, TellsARefusalFromAnEndAndFromWhatIsNoHttp) {
    const struct {
        std::string answer;
        bool accepted;
        Code code;
        const char* message;
        bool permanent;
    } cases[] = {
        {"HTTP/1.1 403 no s3cr3t, t0ken and passw0rd\r\n", false, Code::ServerClosed,
         "the server refused the stream: HTTP 403 no ***, *** and ***", true},
        {"HTTP/1.1 503 busy\r\n", true, Code::ServerClosed, "the server ended the stream: HTTP 503 busy", false},
        {"HTTP/1.1 307 Moved\r\nLocation: http://h/s3cr3t.flv\r\n", false, Code::ServerClosed,
         "the server refused the stream: HTTP 307 Moved; a push follows no redirect, give the URL that it leads to", true},
        {"HTTP/1.1 101 Switching\r\n", false, Code::ServerClosed, "the server refused the stream: HTTP 101 Switching", true},
        {"HTTX", false, Code::TransferFailed, "the server's answer is not HTTP", false},
        {"HTTP/1.1 OK\r\n", false, Code::TransferFailed, "the server's answer is not HTTP", false},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'), false, Code::TransferFailed,
         "the server's answer has a header of more than 64 KiB", false},
    };
    for (const auto& c : cases) {
        for (const std::size_t portion : {1U, 4096U}) {
            const Heard heard(c.answer, portion, c.accepted);
            ASSERT_FALSE(heard.done) << c.message;
            EXPECT_EQ(heard.done.error().code, c.code);
            EXPECT_EQ(heard.done.error().message, c.message);
            EXPECT_EQ(heard.done.error().permanent, c.permanent) << c.message;
        }
    }
}

}  // namespace
}  // namespace livepusher::rtmp
