// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <livepusher/log.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <mutex>
#include <semaphore>
#include <thread>

#include "av/av.hpp"
#include "av/frame_converter.hpp"
#include "capture/coded/coded_packets.hpp"
#include "capture/source_makers.hpp"
#include "capture/test_counter.hpp"
#include "coded_collector.hpp"
#include "fake_clock.hpp"
#include "http_server.hpp"
#include "make_media.hpp"
#include "make_sei.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

/// The counters of the pictures, in the order of showing, and whether their times are those of a film of 25 a second.
struct Shown {
    std::vector<std::int64_t> counters;
    bool even = true;
};

Shown decode(const CodedCollector& got) {
    const auto& config = *got.configs.at(0).data;
    const auto hevc = got.configs[0].description->videoCodec == VideoCodec::hevc;
    const auto* decoder = avcodec_find_decoder(hevc ? AV_CODEC_ID_HEVC : AV_CODEC_ID_H264);
    CodecPtr codec(avcodec_alloc_context3(decoder));
    codec->extradata = static_cast<std::uint8_t*>(av_mallocz(config.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    std::ranges::copy(config, codec->extradata);
    codec->extradata_size = static_cast<int>(config.size());
    avcodec_open2(codec.get(), decoder, nullptr);
    Shown shown;
    FrameConverter converter;
    const FramePtr frame(av_frame_alloc());
    std::int64_t last = AV_NOPTS_VALUE;
    const auto receive = [&] {
        while (avcodec_receive_frame(codec.get(), frame.get()) == 0) {
            const auto picture = converter.convert(*frame);
            const auto counter = picture ? readTestCounter(*picture) : std::nullopt;
            shown.counters.push_back(counter ? std::int64_t{*counter} : -1);
            if (last != AV_NOPTS_VALUE && (frame->pts - last < 38'000 || frame->pts - last > 42'000)) shown.even = false;
            last = frame->pts;
        }
    };
    for (const auto& each : got.frames) {
        const PacketPtr packet(av_packet_alloc());
        av_new_packet(packet.get(), static_cast<int>(each.data->size()));
        std::ranges::copy(*each.data, packet->data);
        packet->pts = each.pts.count();
        packet->dts = each.dts.count();
        avcodec_send_packet(codec.get(), packet.get());
        receive();
    }
    avcodec_send_packet(codec.get(), nullptr);
    receive();
    return shown;
}

std::vector<std::int64_t> upTo(std::int64_t count, int times = 1) {
    std::vector<std::int64_t> all;
    for (int pass = 0; pass < times; ++pass)
        for (std::int64_t i = 0; i < count; ++i) all.push_back(i);
    return all;
}

class CodedFileTest : public ::testing::Test {
protected:
    const FakeClock clock_;
    std::string media(const std::string& name, const char* codec = "libx264", int frames = 12) {
        makeMedia(folder.file(name), {.audio = false, .frames = frames, .videoCodec = codec, .keyEvery = 6});
        return folder.file(name);
    }
    void play(const std::string& target, int frames = 12) {
        const auto source = makeCodedInput(target, false);
        const auto started = source->start(got.sink());
        ASSERT_TRUE(started) << started.error().message;
        EXPECT_NE(started->find("320x240"), std::string::npos) << *started;
        ASSERT_TRUE(got.wait([&] { return got.ends == 1; }));
        source->stop();
        EXPECT_EQ(got.configs.size(), 1U);
        EXPECT_EQ(got.configs[0].description->fps, 25);
        const auto shown = decode(got);
        EXPECT_EQ(shown.counters, upTo(frames));
        EXPECT_TRUE(shown.even);
        for (std::size_t i = 1; i < got.frames.size(); ++i) EXPECT_LT(got.frames[i - 1].dts, got.frames[i].dts);
    }
    void refused(const std::string& target, const std::string& words) {
        const auto started = makeCodedInput(target, false)->start(got.sink());
        ASSERT_FALSE(started);
        EXPECT_EQ(started.error().code, Code::SourceFailed);
        EXPECT_NE(started.error().message.find(words), std::string::npos) << started.error().message;
    }

    TempFolder folder;
    CodedCollector got;
};

/// Warnings of the log, as long as it lives.
class Warnings {
public:
    Warnings() {
        setLogHandler([this](LogLevel level, std::string_view text) {
            const std::lock_guard lock(mutex_);
            if (level == LogLevel::Warning) lines_.emplace_back(text);
        });
    }
    ~Warnings() { setLogHandler({}); }
    Warnings(const Warnings&) = delete;
    Warnings& operator=(const Warnings&) = delete;
    std::vector<std::string> of(const std::string& words) {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> found;
        std::ranges::copy_if(lines_, std::back_inserter(found),
                             [&](const auto& l) { return l.find(words) != std::string::npos; });
        return found;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> lines_;
};

TEST_F(CodedFileTest, ATurnOfItsContainerIsWarnedOfOnceWithTheWayOut) {
    Warnings warnings;
    makeMedia(folder.file("t.mp4"), {.audio = false, .frames = 3, .rotation = 90, .mirrored = true, .videoCodec = "libx264"});
    const auto source = makeCodedInput(folder.file("t.mp4"), false);
    for (int run = 1; run <= 2; ++run) {
        ASSERT_TRUE(source->start(got.sink()));
        ASSERT_TRUE(got.wait([&] { return got.ends == run; }));
        source->stop();
    }
    const auto told = warnings.of("left and right exchanged, then a turn of 90 degrees clockwise");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NE(told[0].find("t.mp4"), std::string::npos) << told[0];
    EXPECT_NE(told[0].find("file:"), std::string::npos) << told[0];
}

TEST_F(CodedFileTest, AnOrientationSeiIsWarnedOfAndStaysInTheStream) {
    Warnings warnings;
    CodedPackets packets("coded \"a\"");
    const auto sei = makeSei(VideoCodec::h264, {.anticlockwise = 1 << 14});
    makeMedia(folder.file("s.h264"), {.audio = false, .frames = 2, .videoCodec = "libx264"});
    std::ifstream file(folder.file("s.h264"), std::ios::binary);
    const std::vector<std::uint8_t> bytes(std::istreambuf_iterator<char>(file), {});
    auto nals = base::splitStartCodes(bytes);
    nals.erase(std::ranges::find(nals, base::AvcNal::kSlice, base::AvcNal::type), nals.end());  // the first picture
    nals.insert(std::ranges::find(nals, base::AvcNal::kIdr, base::AvcNal::type), base::Nal(sei));
    for (int i = 0; i < 2; ++i) {
        const auto taken = packets.take(VideoCodec::h264, nals, Timestamp(i), Timestamp(i));
        ASSERT_TRUE(taken) << taken.error().message;
        ASSERT_TRUE(taken->frame);
        EXPECT_FALSE(std::ranges::search(*taken->frame->data, sei).empty());
    }
    const auto told = warnings.of("a turn of 270 degrees clockwise");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NE(told[0].find("stays in the stream"), std::string::npos) << told[0];
}

TEST_F(CodedFileTest, WhatStandsUprightIsNotWarnedOf) {
    Warnings warnings;
    play(media("u.mp4"));
    EXPECT_TRUE(warnings.of("turn").empty());
}

TEST_F(CodedFileTest, EachContainerGivesItsPicturesAtTheirTimes) {
    for (const auto* name : {"film.mp4", "film.mkv", "film.ts", "film.flv", "film.h264"}) {
        SCOPED_TRACE(name);
        got.configs.clear();
        got.frames.clear();
        got.ends = 0;
        play(media(name));
    }
}

TEST_F(CodedFileTest, HevcToo) {
    play(media("film.mp4", "libx265"));
    got.configs.clear();
    got.frames.clear();
    got.ends = 0;
    play(media("film.hevc", "libx265"));
}

TEST_F(CodedFileTest, ALoopGoesOnWithoutAGap) {
    const auto source = makeCodedInput(media("film.mp4"), true);
    ASSERT_TRUE(source->start(got.sink()));
    ASSERT_TRUE(got.waitFrames(36));
    source->stop();
    got.frames.resize(36);
    const auto shown = decode(got);
    EXPECT_EQ(shown.counters, upTo(12, 3));
    EXPECT_TRUE(shown.even);
    EXPECT_EQ(got.ends, 0);
}

TEST_F(CodedFileTest, AfterAStopItGoesOnWithTheLastKeyFrame) {
    const auto source = makeCodedInput(media("film.mp4", "libx264", 60), false);
    ASSERT_TRUE(source->start(got.sink()));
    ASSERT_TRUE(got.waitFrames(10));
    source->stop();
    const auto before = got.frames.size();
    const auto resumed = now();
    ASSERT_TRUE(source->start(got.sink()));
    ASSERT_TRUE(got.waitFrames(before + 8));
    source->stop();
    EXPECT_EQ(got.configs.size(), 2U);
    EXPECT_EQ(got.frames[before].kind, Packet::Kind::Key);
    EXPECT_GE(got.frames[before].dts, resumed);
    EXPECT_FALSE(got.error) << got.error->message;
}

TEST_F(CodedFileTest, AfterItsEndAStartBeginsAgain) {
    const auto source = makeCodedInput(media("film.mp4"), false);
    for (int times = 1; times <= 2; ++times) {
        ASSERT_TRUE(source->start(got.sink()));
        ASSERT_TRUE(got.wait([&] { return got.ends == times; }));
        source->stop();
    }
    EXPECT_EQ(got.frames.size(), 24U);
}

TEST_F(CodedFileTest, AFileOnAServerIsReadToo) {
    std::string body;
    {
        std::ifstream file(media("film.mp4"), std::ios::binary);
        body.assign(std::istreambuf_iterator<char>(file), {});
    }
    const HttpServer server([&](const HttpServer::Exchange& exchange) { exchange.answerPart(body); });
    play(server.url("/film.mp4"));
}

TEST_F(CodedFileTest, WhatCantGoOutIsRefusedInWords) {
    refused(folder.file("none.mp4"), "there is no such file");
    refused(media("film.avi", "mpeg4"), "is MPEG-4 part 2: only H.264 and HEVC can go out as they are");
    refused(folder.write("film.mp4", "this is no film"), "is not a media file");
    makeMedia(folder.file("sound.mp4"), {.video = false, .samples = 48000});
    refused(folder.file("sound.mp4"), "there is no picture in it");
}

TEST_F(CodedFileTest, AStartThatWaitsIsGivenUpWhenInterrupted) {
    std::binary_semaphore asked(0);
    const HttpServer server([&](const HttpServer::Exchange& exchange) {
        asked.release();
        exchange.waitForTheOtherToClose();
    });
    const auto source = makeCodedInput(server.url("/film.mp4"), false);
    std::thread interrupter([&] {
        asked.acquire();
        source->interrupt();
    });
    const auto started = source->start(got.sink());
    interrupter.join();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::Cancelled);
}

}  // namespace
}  // namespace livepusher::capture
