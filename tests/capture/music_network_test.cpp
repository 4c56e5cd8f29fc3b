// SPDX-License-Identifier: MIT
#include <future>

#include "http_server.hpp"
#include "music_case.hpp"
#include "tls_server.hpp"

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;
using Exchange = HttpServer::Exchange;

class MusicFromServer : public MusicCase {
protected:
    void expectFailure(const std::string& url, const std::string& shown, const std::string& why) {
        const auto error = errorOf(url);
        EXPECT_EQ(error.code, Code::BgmFailed) << url;
        EXPECT_EQ(error.message.find("music \"" + shown + "\": "), 0U) << error.message;
        expectHolds(error.message, why);
        EXPECT_EQ(error.message.find("secret"), std::string::npos) << error.message;
    }
};

TEST_F(MusicFromServer, EachFormatIsTheSameAsFromADisk) {
    for (const auto& [name, codec] : {std::pair{"a.mp3", "libmp3lame"},
                                      {"a.m4a", "aac"},
                                      {"a.flac", "flac"},
                                      {"a.ogg", "libvorbis"},
                                      {"a.wav", "pcm_s16le"}}) {
        const auto path = make(name, codec, 44100, 66150);
        const auto body = bytesOf(path);
        const auto expected = readAll(*play(path));
        ASSERT_FALSE(expected.empty());
        {
            HttpServer server([&](const Exchange& e) { e.answerPart(body); });
            EXPECT_EQ(readAll(*play(server.url("/a?secret=1"))), expected) << name << ", in parts";
        }
        if (std::string(name) == "a.m4a") continue;  // its table lies at the end
        HttpServer server([&](const Exchange& e) { e.answer("200 OK", body); });
        const auto whole = readAll(*play(server.url("/a")));
        EXPECT_NEAR(static_cast<double>(whole.size()), static_cast<double>(expected.size()), 4) << name << ", as a whole";
    }
}

TEST_F(MusicFromServer, ALoopHasNoSeamWhetherTheServerGivesPartsOrNot) {
    constexpr std::size_t kFrames = 40001;
    const auto path = make("a.flac", "flac", 48000, kFrames);
    const auto once = readAll(*play(path));
    const auto body = bytesOf(path);
    for (const bool parts : {true, false}) {
        HttpServer server([&](const Exchange& e) { parts ? e.answerPart(body) : e.answer("200 OK", body); });
        const auto music = play(server.url("/a.flac"), true);
        const auto all = readSome(*music, kFrames * 2 * 3 + 960);
        ASSERT_EQ(all.size(), kFrames * 2 * 3 + 960);
        for (std::size_t n = 0; n < all.size(); ++n) ASSERT_EQ(all[n], once[n % once.size()]) << n;
        EXPECT_EQ(music->position(), Timestamp(10ms));
    }
}

TEST_F(MusicFromServer, CanBeSoughtInWhetherTheServerGivesPartsOrNot) {
    const auto path = make("a.wav", "pcm_s16le", 48000, 480'000);
    const auto once = readAll(*play(path));
    const auto body = bytesOf(path);
    for (const bool parts : {true, false}) {
        HttpServer server([&](const Exchange& e) { parts ? e.answerPart(body) : e.answer("200 OK", body); });
        const auto music = play(server.url("/a.wav"));
        for (const std::size_t second : {9U, 2U, 0U, 5U}) {
            ASSERT_TRUE(music->seek(std::chrono::seconds(second)));
            const auto some = readSome(*music, 4800);
            const auto from = once.begin() + static_cast<std::ptrdiff_t>(second * 96000);
            EXPECT_TRUE(std::equal(some.begin(), some.end(), from, from + 4800)) << second << " parts " << parts;
            EXPECT_EQ(music->position(), std::chrono::seconds(second) + 50ms);
        }
    }
}

TEST_F(MusicFromServer, ALiveStreamHasNoDurationAndCannotBeSoughtIn) {
    const auto body = bytesOf(make("a.mp3", "libmp3lame", 44100, 88200));
    HttpServer server([&](const Exchange& e) { e.send("HTTP/1.0 200 OK\r\n\r\n" + body.substr(4096)); });
    const auto music = play(server.url("/live"));
    EXPECT_EQ(watch_.ready(), Timestamp{});
    const auto sought = music->seek(1s);
    ASSERT_FALSE(sought);
    EXPECT_EQ(sought.error().code, Code::BgmFailed);
    EXPECT_GT(readAll(*music).size(), 2U * 80000);
    EXPECT_FALSE(watch_.hasFailed());
}

TEST_F(MusicFromServer, WhatTheServerDoesNotGiveFailsWithoutASecretInTheText) {
    HttpServer server([](const Exchange& e) {
        if (e.target().starts_with("/403")) return e.answer("403 Forbidden", "no");
        if (e.target().starts_with("/text")) return e.answer("200 OK", std::string(9000, 'x'), "Content-Type: text/plain\r\n");
        if (e.target().starts_with("/list"))
            return e.answer("200 OK", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n");
        if (e.target().starts_with("/redirect")) return e.answer("302 Found", "", "Location: file:///etc/passwd\r\n");
        if (e.target().starts_with("/close")) return;
        e.answer("404 Not Found", "no");
    });
    const auto host = "127.0.0.1:" + std::to_string(server.port());
    const auto secret = "http://user:secret@" + host;
    expectFailure(secret + "/404.mp3?key=secret", "http://" + host + "/404.mp3", "status 404");
    expectFailure(secret + "/403?secret", "http://" + host + "/403", "status 403");
    expectFailure(secret + "/text#secret", "http://" + host + "/text", "");
    expectFailure(server.url("/list.m3u8"), server.url("/list.m3u8"), "");
    expectFailure(server.url("/redirect"), server.url("/redirect"), "redirected out of http");
    expectFailure(server.url("/close"), server.url("/close"), "closed the connection without an answer");
    expectFailure("http://127.0.0.1:1/a", "http://127.0.0.1:1/a", "refuses the connection");
    expectFailure("http://nobody.invalid/a", "http://nobody.invalid/a", "name can't be resolved");
}

TEST_F(MusicFromServer, WhatBreaksOffIsPlayedAsFarAsItCame) {
    for (const auto& [name, codec] : {std::pair{"a.mp3", "libmp3lame"}, {"a.wav", "pcm_s16le"}, {"a.flac", "flac"}}) {
        const auto body = bytesOf(make(name, codec, 48000, 96000));
        for (const bool reset : {false, true}) {
            HttpServer server([&](const Exchange& e) {
                e.begin(body, body.size() / 2);
                if (reset) e.reset();
            });
            MusicWatch watch;
            const auto music = makeMusic({.url = server.url("/a"), .loop = true, .wanted = {}, .patience = 0ms}, watch.events());
            const auto all = readAll(*music);
            const auto error = watch.error();
            EXPECT_EQ(error.code, Code::BgmFailed);
            expectHolds(error.message, "the connection was lost before the file's end");
            EXPECT_TRUE(music->over());
            EXPECT_GT(all.size(), 2U * 30000) << name;
            EXPECT_LT(all.size(), 2U * 65000) << name;
            EXPECT_EQ(watch.readies(), 1);
            EXPECT_EQ(watch.failures(), 1);
            EXPECT_FALSE(music->seek(0s));
        }
    }
}

TEST_F(MusicFromServer, AServerThatStallsForGoodFailsAfterAWhile) {
    const auto body = bytesOf(make("a.wav", "pcm_s16le", 48000, 96000));
    HttpServer server([&](const Exchange& e) {
        e.begin(body, 150'000);
        e.waitForTheOtherToClose();
    });
    const auto music = makeMusic({.url = server.url("/a"), .loop = false, .wanted = {}, .patience = 0ms}, watch_.events());
    const auto all = readAll(*music);
    EXPECT_GT(all.size(), 2U * 30000);
    expectHolds(watch_.error().message, "nothing came from the server for 10 s");
}

TEST_F(MusicFromServer, GoesOnWhereItBrokeOffAndAlsoWhereALoopBeginsAgain) {
    constexpr std::size_t kFrames = 96000;
    const auto path = make("a.wav", "pcm_s16le", 48000, kFrames);
    const auto once = readAll(*play(path));
    const auto body = bytesOf(path);
    for (const bool reset : {false, true}) {
        enum { Breaks, Goes, Well } state = Breaks;
        HttpServer server([&](const Exchange& e) {
            const auto from = e.from().value_or(0);
            if (state == Breaks && from < body.size() / 4) {
                const auto rest = body.size() - from;
                e.send("HTTP/1.1 206 Partial Content\r\nContent-Length: " + std::to_string(rest) + "\r\nContent-Range: bytes " +
                       std::to_string(from) + "-" + std::to_string(body.size() - 1) + "/" + std::to_string(body.size()) +
                       "\r\n\r\n" + body.substr(from, rest / 2));
                return reset ? e.reset() : void();
            }
            // Where it broke off it refuses once, and where the loop begins again.
            if (state == Breaks || (state == Goes && from == 0)) {
                state = state == Breaks ? Goes : Well;
                return e.answer("503 Service Unavailable", "");
            }
            e.answerPart(body);
        });
        MusicWatch watch;
        const auto music = makeMusic({.url = server.url("/a.wav"), .loop = true, .wanted = {}}, watch.events());
        const auto all = readSome(*music, kFrames * 2 * 2 + 960);
        ASSERT_EQ(all.size(), kFrames * 2 * 2 + 960);
        for (std::size_t n = 0; n < all.size(); ++n) ASSERT_EQ(all[n], once[n % once.size()]) << n << " reset " << reset;
        EXPECT_FALSE(watch.hasFailed());
        EXPECT_FALSE(music->over());
        EXPECT_EQ(state, Well);
    }
}

TEST_F(MusicFromServer, WhatIsAnotherFileByNowBeginsAgainWhereItLoops) {
    const auto first = make("a.wav", "pcm_s16le", 48000, 96000), other = make("b.wav", "pcm_s16le", 48000, 48000);
    const auto once = readAll(*play(other));
    const auto body = bytesOf(first), later = bytesOf(other);
    int asked = 0;
    HttpServer server([&](const Exchange& e) {
        if (++asked > 1) return e.answerPart(later);
        e.begin(body, body.size() / 2);
        e.reset();
    });
    MusicWatch watch;
    const auto music = makeMusic({.url = server.url("/a.wav"), .loop = true, .wanted = {}}, watch.events());
    const auto all = readSome(*music, 2 * 96000);
    ASSERT_EQ(all.size(), 2 * 96000U);
    EXPECT_TRUE(std::search(all.begin() + 2 * 30000, all.end(), once.begin(), once.begin() + 20000) != all.end());
    EXPECT_FALSE(watch.hasFailed());
}

TEST_F(MusicFromServer, GoesAtOnceWhateverTheServerDoes) {
    const auto body = bytesOf(make("a.wav", "pcm_s16le", 48000, 96000));
    std::chrono::steady_clock::duration longest{};
    for (int n = 0; n < 40; ++n) {
        std::promise<void> asked;
        HttpServer server([&](const Exchange& e) {
            asked.set_value();
            if (n % 4 == 1) e.send("HTTP/1.1 200");
            if (n % 4 == 2) e.begin(body, 40);
            if (n % 4 == 3) e.begin(body, 100'000);
            e.waitForTheOtherToClose();
        });
        MusicWatch watch;
        auto music = makeMusic({.url = server.url("/a"), .loop = false, .wanted = {}}, watch.events());
        asked.get_future().wait();
        const auto began = std::chrono::steady_clock::now();
        music.reset();
        longest = std::max(longest, std::chrono::steady_clock::now() - began);
        EXPECT_FALSE(watch.hasFailed());
    }
    std::printf("gone within %.1f ms\n", std::chrono::duration<double, std::milli>(longest).count());
    EXPECT_LT(longest, 2s);
}

TEST_F(MusicFromServer, HttpsIsVerified) {
    const auto body = bytesOf(make("a.flac", "flac", 48000, 48000));
    const SelfSigned known({127, 0, 0, 1}), stranger({127, 0, 0, 1}), elsewhere({127, 0, 0, 2});
    network_.caFile = folder_.write("ca.pem", known.pem());
    {
        const TlsServer server(known, body);
        EXPECT_EQ(readAll(*play(server.url("/a.flac"))).size(), 96000U);
    }
    {
        const TlsServer server(stranger, body);
        expectFailure(server.url("/a.flac?secret"), server.url("/a.flac"), "TLS: ");
    }
    network_.caFile = folder_.write("ca.pem", elsewhere.pem());
    const TlsServer server(elsewhere, body);
    expectFailure(server.url("/a.flac?secret"), server.url("/a.flac"), "TLS: ");
    network_.caFile.clear();
    expectFailure(server.url("/a.flac?secret"), server.url("/a.flac"), "TLS: ");
}

}  // namespace
}  // namespace livepusher::capture
