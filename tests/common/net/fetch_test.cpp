// SPDX-License-Identifier: MIT
#include "net/fetch.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <future>

#include "expect_holds.hpp"
#include "http_server.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;

class Fetch : public ::testing::Test {
protected:
    Result<std::vector<std::uint8_t>> get(const std::string& place) const { return fetch({.place = place}, cancelled_); }
    std::string bytesOf(const std::string& place) const {
        const auto got = get(place);
        return got ? std::string(got->begin(), got->end()) : "failed: " + got.error().message;
    }
    std::string errorOf(const std::string& place) const {
        const auto got = get(place);
        return got ? "loaded" : got.error().message;
    }

    TempFolder folder_;
    std::atomic<bool> cancelled_{false};
};

TEST_F(Fetch, AFileIsReadByItsPathOrItsUrl) {
    const auto path = folder_.write("a b%.bin", "hello");
    EXPECT_EQ(bytesOf(path), "hello");
    EXPECT_EQ(bytesOf("file://" + folder_.path() + "/a%20b%25.bin"), "hello");
    EXPECT_EQ(bytesOf("file://" + folder_.path() + "/a b%.bin"), "hello");
    EXPECT_EQ(bytesOf("FILE://localhost" + folder_.path() + "/a%20b%25.bin"), "hello");
}

TEST_F(Fetch, WhatIsNoRegularFileIsRefusedAndNotWaitedFor) {
    expectHolds(errorOf(folder_.file("none")), "no such file");
    expectHolds(errorOf(folder_.path()), "directory");
    const auto fifo = folder_.file("fifo");
    ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
    expectHolds(errorOf(fifo), "pipe");
    expectHolds(errorOf("/dev/zero"), "device");
    expectHolds(errorOf(""), "is empty: must be a path or a URL");
}

TEST_F(Fetch, OtherPlacesAreRefusedByName) {
    expectHolds(errorOf("ftp://host/x.png"), "scheme \"ftp\": must be a path or a file://, http:// or https:// URL");
    expectHolds(errorOf("file://elsewhere/x.png"), "host \"elsewhere\"");
    expectHolds(errorOf("file://x.png"), "file:///PATH");
    expectHolds(errorOf("http://"), "URL");
}

TEST_F(Fetch, AFileMayBeAsLargeAsTheLimitAndNoLarger) {
    const auto path = folder_.write("large", std::string(1024 * 1024, 'x'));
    EXPECT_TRUE(fetch({.place = path, .maxBytes = 1024 * 1024}, cancelled_));
    folder_.write("large", std::string(1024 * 1024 + 1, 'x'));
    const auto refused = fetch({.place = path, .maxBytes = 1024 * 1024}, cancelled_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "more than 1 MiB: must be at most 1 MiB");
}

TEST_F(Fetch, AUrlIsLoadedThroughRedirects) {
    HttpServer server([](const auto& exchange) {
        if (exchange.target() == "/first") return exchange.answer("302 Found", "", "Location: /second?x=1\r\n");
        if (exchange.target() == "/second?x=1") return exchange.answer("200 OK", "hello");
        exchange.answer("404 Not Found", "no");
    });
    EXPECT_EQ(bytesOf(server.url("/first")), "hello");
}

TEST_F(Fetch, MoreThanFiveRedirectsAreTooMany) {
    int seen = 0;
    {
        HttpServer server([&](const auto& exchange) {
            ++seen;
            exchange.answer("302 Found", "", "Location: /again\r\n");
        });
        expectHolds(errorOf(server.url("/")), "more than 5 times");
    }
    EXPECT_EQ(seen, 6);
}

TEST_F(Fetch, ARedirectOutOfHttpIsNotFollowed) {
    const auto path = folder_.write("secret", "secret");
    HttpServer server([&](const auto& exchange) { exchange.answer("302 Found", "", "Location: file://" + path + "\r\n"); });
    expectHolds(errorOf(server.url("/")), "redirected out of http");
}

TEST_F(Fetch, AnyOtherStatusIsToldAndNeverTheRestOfTheUrl) {
    HttpServer server(
        [](const auto& exchange) { exchange.answer(exchange.target() == "/empty" ? "204 No Content" : "404 Not Found", ""); });
    EXPECT_EQ(errorOf(server.url("/hidden?token=hidden")), "the server answers with status 404: must be 200");
    expectHolds(errorOf(server.url("/empty")), "204");
}

TEST_F(Fetch, AnAnswerOverTheLimitIsRefusedWhetherAnnouncedOrNot) {
    HttpServer server([](const auto& exchange) {
        const std::string body(200'000, 'x');
        if (exchange.target() == "/announced") return exchange.answer("200 OK", body);
        exchange.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body);
    });
    for (const auto* target : {"/announced", "/not"}) {
        const auto got = fetch({.place = server.url(target), .maxBytes = 100'000}, cancelled_);
        ASSERT_FALSE(got);
        expectHolds(got.error().message, "more than");
    }
}

TEST_F(Fetch, AnAnswerThatBreaksOffIsNoAnswer) {
    HttpServer server([](const auto& exchange) { exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"); });
    expectHolds(errorOf(server.url("/")), "lost before the file's end");
}

TEST_F(Fetch, ARefusedConnectionIsTold) {
    int port = 0;
    {
        HttpServer server([](const auto&) {});
        port = server.port();
    }
    expectHolds(errorOf("http://127.0.0.1:" + std::to_string(port) + "/x"), "can't be reached");
}

TEST_F(Fetch, ASlowServerIsGivenItsTimeAndNoMore) {
    HttpServer server([](const auto& exchange) {
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        exchange.waitForTheOtherToClose();
    });
    const auto got = fetch({.place = server.url("/"), .within = 200ms}, cancelled_);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().message, "not loaded within 200 ms");
}

TEST_F(Fetch, CancelEndsTheWaitForASlowServer) {
    std::promise<void> asked;
    HttpServer server([&](const auto& exchange) {
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        asked.set_value();
        exchange.waitForTheOtherToClose();
    });
    auto got = std::async(std::launch::async, [&] { return fetch({.place = server.url("/"), .within = 1h}, cancelled_); });
    asked.get_future().wait();
    cancelled_ = true;
    const auto result = got.get();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::Cancelled);
}

TEST_F(Fetch, WhatIsCancelledBeforeBeginsNothing) {
    cancelled_ = true;
    const auto result = get(folder_.write("x", "x"));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::Cancelled);
}

}  // namespace
}  // namespace livepusher::capture
