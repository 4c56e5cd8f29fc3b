// SPDX-License-Identifier: MIT
// What Playback does beyond one good file: lists, tracks of other lengths, servers that break off or come back.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <vector>

#include "capture/source_makers.hpp"
#include "capture/test_counter.hpp"
#include "collector.hpp"
#include "fake_clock.hpp"
#include "http_server.hpp"
#include "make_media.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

constexpr WantedVideo kVideo{.width = 320, .height = 240, .fps = 25};

class PlaybackTest : public ::testing::Test {
protected:
    std::optional<FakeClock> clock_{std::in_place};
    std::string media(const std::string& name, const MediaRecipe& recipe) {
        makeMedia(folder.file(name), recipe);
        return folder.file(name);
    }
    static std::string bytesOf(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::vector<std::int64_t> counters() const {
        std::vector<std::int64_t> all;
        for (const auto& frame : got.frames()) all.push_back(readTestCounter(frame).value_or(999));
        return all;
    }
    const TempFolder folder;
    Collector got;
};

TEST_F(PlaybackTest, TheClipsOfAListFollowEachOther) {
    media("one.mp4", {.frames = 10});
    media("two.mkv", {.frames = 10});
    const auto list = folder.write("list.m3u", "#EXTM3U\n#EXTINF:1,first\none.mp4\ntwo.mkv\n");
    auto ends = makeFileEnds(list, false, true, true);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(ends.audio->start({}, got.audio()));
    ASSERT_TRUE(got.waitEnded(2));
    EXPECT_EQ(counters(), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
    const auto frames = got.frames();
    for (std::size_t i = 1; i < frames.size(); ++i)
        EXPECT_NEAR(double((frames[i].pts - frames[i - 1].pts).count()), 40'000, 1'100) << i;
    EXPECT_FALSE(got.error());
}

TEST_F(PlaybackTest, AClipThatIsMissingIsToldWithItsLine) {
    media("one.mp4", {.frames = 5});
    const auto list = folder.write("list.m3u", "one.mp4\ngone.mp4\n");
    auto ends = makeFileEnds(list, false, true, false);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(got.waitError());
    EXPECT_EQ(counters().size(), 5U);
    EXPECT_NE(got.error()->message.find("line 2"), std::string::npos) << got.error()->message;
    EXPECT_NE(got.error()->message.find("gone.mp4"), std::string::npos) << got.error()->message;
}

TEST_F(PlaybackTest, SoundThatEndsEarlyLeavesThePicturesAlone) {
    for (const auto* name : {"short.mp4", "short.mkv", "short.ts"}) {
        SCOPED_TRACE(name);
        Collector one;
        auto ends = makeFileEnds(media(name, {.frames = 40, .samples = 14'400}), false, true, true);
        ASSERT_TRUE(ends.video->start(kVideo, one.video()));
        ASSERT_TRUE(ends.audio->start({}, one.audio()));
        ASSERT_TRUE(one.waitEnded(2));
        EXPECT_EQ(one.frames().size(), 40U);
        EXPECT_NEAR(double(one.samples()), 14'400, 3'000);
    }
}

TEST_F(PlaybackTest, AFileWhoseTransferBreaksOffIsAskedForTheRest) {
    clock_.reset();  // libcurl waits by its own
    const auto body = bytesOf(media("film.ts", {.frames = 25}));
    std::atomic<int> requests{0};
    HttpServer server([&](const HttpServer::Exchange& exchange) {
        if (requests++ == 0) {
            exchange.begin(body, body.size() / 2);
            exchange.reset();
        } else {
            exchange.answerPart(body);
        }
    });
    auto ends = makeFileEnds(server.url("/film.ts"), false, true, false);
    ASSERT_TRUE(ends.video->start(kVideo, got.video()));
    ASSERT_TRUE(got.waitEnded());
    EXPECT_EQ(got.frames().size(), 25U);
    EXPECT_GE(requests, 2);
    EXPECT_FALSE(got.error());
}

TEST_F(PlaybackTest, ALiveAnswerThatEndsIsToldAndAskedForAgain) {
    clock_.reset();  // libcurl waits by its own
    const auto body = bytesOf(media("film.ts", {.frames = 25}));
    HttpServer server([&](const HttpServer::Exchange& exchange) {
        exchange.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body);  // of no told length: it may go on for ever
    });
    struct : VideoSource::Sink {
        void frame(VideoFrame) override {}
        void code(Code code, std::string message) override {
            EXPECT_EQ(message.find("secret"), std::string::npos) << message;
            std::lock_guard lock(mutex);
            codes.push_back(code);
            changed.notify_all();
        }
        void ended() override { ADD_FAILURE(); }
        void failed(Error why) override { ADD_FAILURE() << why.message; }
        std::mutex mutex;
        std::condition_variable changed;
        std::vector<Code> codes;
    } sink;
    auto ends = makeFileEnds(server.url("/live?key=secret"), false, true, false);
    ASSERT_TRUE(ends.video->start(kVideo, sink));
    {
        std::unique_lock lock(sink.mutex);
        ASSERT_TRUE(sink.changed.wait_for(lock, std::chrono::seconds(30), [&] { return sink.codes.size() >= 4; }));
    }
    ends.video->stop();
    const std::vector<Code> expected{Code::CameraRemoved, Code::SourceFailed, Code::CameraReturned, Code::CameraOpened};
    EXPECT_EQ(std::vector(sink.codes.begin(), sink.codes.begin() + 4), expected);
}

}  // namespace
}  // namespace livepusher::capture
