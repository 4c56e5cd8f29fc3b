// SPDX-License-Identifier: MIT
#include "net/http_stream.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "http_server.hpp"

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;
using Exchange = HttpServer::Exchange;

class HttpStreamTest : public ::testing::Test {
protected:
    HttpStreamTest() {
        for (std::size_t n = 0; n < 700'001; ++n) file_ += static_cast<char>(n * n / 251);
    }
    /// As far as it comes, in pieces.
    static std::string rest(HttpStream& stream, std::size_t piece = 5000) {
        std::string all;
        std::vector<std::uint8_t> bytes(piece);
        for (;;) {
            const auto got = stream.read(bytes);
            if (!got || *got == 0) return all;
            all.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*got));
        }
    }

    std::string file_;
};

TEST_F(HttpStreamTest, GivesAFileInPiecesAndFromAnyPlaceAgain) {
    HttpServer server([this](const Exchange& e) { e.answerPart(file_); });
    HttpStream stream({.url = server.url("/")});
    ASSERT_TRUE(stream.open());
    EXPECT_EQ(stream.size(), std::ssize(file_));
    ASSERT_TRUE(stream.seekable());
    EXPECT_TRUE(rest(stream) == file_);
    for (const std::int64_t at : {699'999, 0, 300'000, 300'010, 700'001, 5}) {
        ASSERT_TRUE(stream.seek(at));
        EXPECT_TRUE(rest(stream, 99'000) == file_.substr(static_cast<std::size_t>(at))) << at;
    }
    EXPECT_FALSE(stream.seek(-1));
    EXPECT_FALSE(stream.failure());
}

TEST_F(HttpStreamTest, WhereNoPartsAreGivenOnlyWhatHasComeCanBeSkipped) {
    HttpServer server([this](const Exchange& e) { e.answer("200 OK", file_); });
    HttpStream stream({.url = server.url("/")});
    ASSERT_TRUE(stream.open());
    EXPECT_FALSE(stream.seekable());
    EXPECT_FALSE(stream.seek(600'000));
    ASSERT_TRUE(stream.seek(1));
    EXPECT_TRUE(rest(stream) == file_.substr(1));
}

TEST_F(HttpStreamTest, AServerThatHungUpOnAReaderWhoRestedIsAskedForTheRest) {
    for (const bool rested : {true, false}) {
        std::atomic<int> requests{0};
        HttpServer server([&](const Exchange& e) {
            if (++requests > 1) return e.answerPart(file_);
            e.send("HTTP/1.1 206 Partial Content\r\nContent-Length: " + std::to_string(file_.size()) + "\r\n\r\n" +
                   file_.substr(0, 400'000));
        });
        HttpStream stream({.url = server.url("/"), .patience = rested ? 0ms : 1h});
        ASSERT_TRUE(stream.open());
        EXPECT_TRUE(rest(stream) == (rested ? file_ : file_.substr(0, 400'000)));
        EXPECT_EQ(requests, rested ? 2 : 1);
        EXPECT_EQ(stream.failure().has_value(), !rested);
    }
}

TEST_F(HttpStreamTest, AFileThatHasChangedMeanwhileIsNotMixedWithTheOld) {
    std::atomic<int> requests{0};
    HttpServer server([&](const Exchange& e) { e.answerPart(++requests > 1 ? file_ + "more" : file_); });
    HttpStream stream({.url = server.url("/")});
    ASSERT_TRUE(stream.open());
    ASSERT_TRUE(stream.seek(650'000));
    EXPECT_EQ(rest(stream), "");
    ASSERT_TRUE(stream.failure());
    EXPECT_EQ(stream.failure()->message,
              "status 206: the server has another file than before, or does not serve parts of one (Range)");
}

TEST_F(HttpStreamTest, AWaitEndsWhenItIsCancelledOrTakesTooLong) {
    HttpServer server([](const Exchange& e) { e.waitForTheOtherToClose(); });
    {
        HttpStream stream({.url = server.url("/"), .within = 50ms});
        const auto opened = stream.open();
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Code::SourceFailed);
    }
    HttpStream stream({.url = server.url("/")});
    std::thread other([&] { stream.cancel(); });
    const auto opened = stream.open();
    other.join();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::Cancelled);
}

}  // namespace
}  // namespace livepusher::capture
