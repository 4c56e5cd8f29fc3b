// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "flv/flv_stream.hpp"
#include "flv/subscribers.hpp"
#include "gate.hpp"
#include "http_server.hpp"
#include "subscriber_client.hpp"
#include "temp_folder.hpp"

namespace livepusher::rtmp {
namespace {

using namespace std::chrono_literals;
using capture::HttpServer;
using test::Bytes;
using test::Player;
using test::text;
using test::operator+;

std::string flvTag(FlvTagType type, std::uint64_t time, const Bytes& body) {
    Bytes out;
    EXPECT_TRUE(writeFlvTag({.type = type, .timestamp = time, .data = body}, out));
    return {out.begin(), out.end()};
}

std::string flvBegin() {
    const auto header = flvHeader(1);
    return std::string(header.begin(), header.end()) + flvTag(FlvTagType::Video, 0, Bytes{0x17, 0, 0, 0, 0} + text("avcC"));
}

std::string flvFrame(const std::string& data, std::uint64_t time = 0) {
    return flvTag(FlvTagType::Video, time, Bytes{0x17, 1, 0, 0, 0} + text(data));
}

constexpr const char* kPath = "/live/s3cr3t-key.flv?token=t0ken-value";
const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\n\r\n";

Player httpPlayer() { return Player(makeHttpFlvSubscriber()); }

TEST(HttpFlvSubscriber, PlaysABodyToItsEnd) {
    std::string head;
    HttpServer server([&](const HttpServer::Exchange& exchange) {
        head = exchange.head();
        exchange.send(kOk + flvBegin() + flvFrame("one"));
        exchange.send(flvFrame("two", 40));
    });
    auto player = httpPlayer();
    ASSERT_TRUE(player.open(server.url(kPath)));
    EXPECT_EQ(player.events, (std::vector<std::string>{"connected", "playing"}));
    const auto state = player.run();
    ASSERT_TRUE(state) << state.error().message;
    EXPECT_EQ(*state, Subscriber::State::Ended);
    ASSERT_EQ(player.packets.size(), 3U);
    EXPECT_EQ(player.bytes(2), text("two"));
    EXPECT_EQ(player.packets[2].dts, Timestamp(40'000));
    EXPECT_TRUE(head.starts_with("GET /live/s3cr3t-key.flv?token=t0ken-value HTTP/1.1\r\n")) << head;
    EXPECT_EQ(head.find("Accept-Encoding"), std::string::npos) << head;
    EXPECT_EQ(head.find("Range"), std::string::npos) << head;
    EXPECT_EQ(player.subscriber->statistics().serverIp, "127.0.0.1");
    EXPECT_GT(player.subscriber->statistics().bytesReceived, 100U);
    player.subscriber->close();
}

TEST(HttpFlvSubscriber, TakesChunksAndSaysWhereTheyBreakOff) {
    for (const bool whole : {true, false}) {
        HttpServer server([&](const HttpServer::Exchange& exchange) {
            const auto body = flvBegin() + flvFrame("one");
            char size[16];
            std::snprintf(size, sizeof size, "%zx\r\n", body.size());
            exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (size + body) + "\r\n" +
                          (whole ? "0\r\n\r\n" : ""));
        });
        auto player = httpPlayer();
        ASSERT_TRUE(player.open(server.url(kPath)));
        const auto state = player.run();
        EXPECT_EQ(player.packets.size(), 2U) << "what came before it broke off";
        EXPECT_EQ(state.has_value(), whole);
        if (!state) {
            EXPECT_EQ(state.error().code, Code::TransferFailed);
            EXPECT_NE(state.error().message.find("broke off"), std::string::npos) << state.error().message;
        }
        player.subscriber->close();
    }
}

TEST(HttpFlvSubscriber, TellsHowItFails) {
    const struct {
        std::string answer;
        Code code;
        const char* says;
        int native;
        bool permanent;
    } cases[] = {
        {"HTTP/1.1 404 Not s3cr3t-key\r\nContent-Length: 0\r\n\r\n", Code::ServerClosed, "HTTP 404 Not ***", 404, true},
        {"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy", Code::ServerClosed, "HTTP 503 Busy", 503, false},
        {"HTTP/1.1 204 No Content\r\n\r\n", Code::ServerClosed, "HTTP 204", 204, false},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Code::ServerClosed, "answer is empty", 200, false},
        {"RTSP/1.0 200 OK\r\n\r\n", Code::TransferFailed, "not HTTP", 0, false},
        {kOk + "<html>", Code::TransferFailed, "not FLV: it does not begin", 0, false},
        {kOk + "FL", Code::TransferFailed, "before its first tag", 0, false},
        {"HTTP/1.1 200 OK\r\n" + std::string("X: ") + std::string(70'000, 'x') + "\r\n\r\n", Code::TransferFailed, "64 KiB", 0,
         false},
        {"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n", Code::ServerClosed, "redirects to nowhere", kRedirectsNowhere, true},
        {"HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/x.flv\r\nContent-Length: 0\r\n\r\n", Code::ServerClosed,
         "no URL of http", kRedirectsNowhere, true},
        {"HTTP/1.1 302 Found\r\nLocation: /live/s3cr3t-key.flv?token=t0ken-value\r\nContent-Length: 2\r\n\r\nno",
         Code::ServerClosed, "in a ring", kRedirectsNowhere, true},
    };
    for (const auto& c : cases) {
        HttpServer server([&](const HttpServer::Exchange& exchange) { exchange.send(c.answer); });
        auto player = httpPlayer();
        const auto done = player.open(server.url(kPath));
        ASSERT_FALSE(done) << c.says;
        EXPECT_EQ(done.error().code, c.code) << done.error().message;
        EXPECT_NE(done.error().message.find(c.says), std::string::npos) << done.error().message;
        if (c.native != 0) {
            EXPECT_EQ(done.error().native, c.native) << c.says;
        }
        EXPECT_EQ(done.error().permanent, c.permanent) << c.says;
        EXPECT_EQ(player.events, (std::vector<std::string>{"connected"})) << c.says;
        player.subscriber->close();
    }
    auto player = httpPlayer();
    int port = 0;
    {
        port = HttpServer([](const HttpServer::Exchange&) {}).port();
    }
    EXPECT_EQ(player.open("http://127.0.0.1:" + std::to_string(port) + kPath).error().code, Code::TcpFailed);
    EXPECT_TRUE(player.events.empty());
    auto nowhere = httpPlayer();
    EXPECT_EQ(nowhere.open(std::string("http://no.such.host.invalid") + kPath).error().code, Code::DnsFailed);
}

TEST(HttpFlvSubscriber, FollowsFiveRedirectsAndGivesThePasswordToTheFirstServerOnly) {
    std::vector<std::string> heads;
    HttpServer other([&](const HttpServer::Exchange& exchange) {
        heads.push_back(exchange.head());
        exchange.send(kOk + flvBegin());
    });
    for (const int redirects : {5, 6}) {
        heads.clear();
        HttpServer server([&](const HttpServer::Exchange& exchange) {
            heads.push_back(exchange.head());
            const int done = static_cast<int>(heads.size());
            const auto to = done >= redirects ? other.url("/elsewhere") : "/hop" + std::to_string(done);
            exchange.answer("302 Found", "moved", "Location: " + to + "\r\n");
        });
        auto player = httpPlayer();
        const auto done = player.open("http://me:pass@127.0.0.1:" + std::to_string(server.port()) + kPath);
        EXPECT_EQ(done.has_value(), redirects == 5);
        EXPECT_EQ(player.events.front(), "connected");
        if (done) {
            ASSERT_EQ(heads.size(), 6U);
            for (int i = 0; i < 5; ++i)
                EXPECT_NE(heads[static_cast<std::size_t>(i)].find("Authorization: Basic bWU6cGFzcw=="), std::string::npos);
            EXPECT_EQ(heads[5].find("Authorization"), std::string::npos);
            EXPECT_EQ(*player.run(), Subscriber::State::Ended);
        } else {
            EXPECT_EQ(done.error().native, kRedirectsNowhere);
            EXPECT_EQ(heads.size(), 6U);
        }
        player.subscriber->close();
    }
}

TEST(HttpFlvSubscriber, EndsWithinATagAsABrokenStream) {
    HttpServer server([&](const HttpServer::Exchange& exchange) {
        const auto frame = flvFrame("frame");
        exchange.send(kOk + flvBegin() + frame + frame.substr(0, frame.size() - 8));
    });
    auto player = httpPlayer();
    ASSERT_TRUE(player.open(server.url(kPath)));
    const auto state = player.run();
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, Code::TransferFailed);
    EXPECT_EQ(player.packets.size(), 2U);
    player.subscriber->close();
}

TEST(HttpFlvSubscriber, FailsWhereNoMediaComesAndIsCancelledWhereverItWaits) {
    for (const bool begins : {false, true}) {
        test::Gate reached;
        HttpServer server([&](const HttpServer::Exchange& exchange) {
            if (begins) exchange.send(kOk + flvBegin());
            reached.open();
            exchange.waitForTheOtherToClose();
        });
        auto silent = httpPlayer();
        silent.settings.dataTimeout = silent.settings.responseTimeout = 50ms;
        const auto opened = silent.open(server.url(kPath));
        EXPECT_EQ(opened.has_value(), begins);
        const auto failed = opened ? silent.run().error() : opened.error();
        EXPECT_EQ(failed.code, begins ? Code::TransferFailed : Code::ServerClosed) << failed.message;
        silent.subscriber->close();

        auto player = httpPlayer();
        std::thread canceller([&] {
            reached.wait();
            player.subscriber->cancel();
        });
        const auto done = player.open(server.url(kPath));
        EXPECT_EQ((done ? player.run().error() : done.error()).code, Code::Cancelled);
        canceller.join();
        player.subscriber->close();
    }
}

TEST(FlvFileSubscriber, ReadsAFileAtThePaceOfItsTimes) {
    const capture::TempFolder folder;
    const auto path = folder.file("a.flv");
    // A step of an hour, either way, is not waited for.
    const auto bytes =
        flvBegin() + flvFrame("one", 1000) + flvFrame("two", 1060) + flvFrame("three", 3'600'000) + flvFrame("four", 5);
    std::ofstream(path, std::ios::binary) << bytes;
    Player player(makeFlvFileSubscriber());
    const auto begin = Subscriber::Clock::now();
    ASSERT_TRUE(player.open(path));
    EXPECT_EQ(player.events, (std::vector<std::string>{"connected", "playing"}));
    player.enough = 2;
    EXPECT_EQ(*player.run(), Subscriber::State::Playing);
    EXPECT_EQ(player.packets.size(), 2U);
    player.wake.drain();
    EXPECT_EQ(*player.run(), Subscriber::State::Ended);
    EXPECT_GE(Subscriber::Clock::now() - begin, 60ms);
    ASSERT_EQ(player.packets.size(), 5U);
    EXPECT_EQ(player.bytes(4), text("four"));
    EXPECT_EQ(player.subscriber->statistics().bytesReceived, bytes.size());
    EXPECT_EQ(*player.run(), Subscriber::State::Ended) << "from then on";
    player.subscriber->close();
}

TEST(FlvFileSubscriber, SaysWhatIsWrongWithAFile) {
    const capture::TempFolder folder;
    const auto path = folder.file("a.flv");
    const auto open = [&](const std::string& content) {
        std::ofstream(path, std::ios::binary) << content;
        Player player(makeFlvFileSubscriber());
        auto done = player.open(path);
        if (done) {
            const auto state = player.run();
            if (!state) done = state.error();
        }
        return done;
    };
    EXPECT_EQ(open("").error().message, "the stream ended before its first tag");
    EXPECT_NE(open("RIFF....WAVE").error().message.find("not FLV"), std::string::npos);
    EXPECT_TRUE(open("RIFF....WAVE").error().permanent);
    EXPECT_NE(open(flvBegin() + std::string(11, 'x')).error().message.find("not FLV"), std::string::npos);
    const auto frame = flvFrame("frame");
    EXPECT_TRUE(open(flvBegin() + frame.substr(0, frame.size() - 8))) << "a recording that was broken off";
    Player player(makeFlvFileSubscriber());
    EXPECT_EQ(player.open(folder.file("none.flv")).error().code, Code::SourceFailed);
}

}  // namespace
}  // namespace livepusher::rtmp
