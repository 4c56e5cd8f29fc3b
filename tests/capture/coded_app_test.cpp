// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "capture/source_makers.hpp"
#include "coded_collector.hpp"

namespace livepusher::capture {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes(const std::string& hex) {
    Bytes all;
    for (std::size_t at = 0; at < hex.size(); at += 2)
        all.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(at, 2), nullptr, 16)));
    return all;
}

const Bytes kSps = bytes("6764001eacd940a02ff970110000030001000003003c0f162d96"), kPps = bytes("68ef8fcb");
const Bytes kSmallSps = bytes("6742c00cda0507ec0440000003004000000783c50aa8");
const Bytes kIdr{0x65, 1, 2, 3}, kSlice{0x41, 4, 5}, kSei{0x06, 5, 1, 0x80}, kDelimiter{0x09, 0xf0}, kFiller{0x0c, 0xff, 0x80};
const Bytes kHevcVps = bytes("40010c01ffff01600000030090000003000003003c959809");
const Bytes kHevcSps = bytes("42010101600000030090000003000003003ca00a480b9c9596566924caf0168080000003008000001904");
const Bytes kHevcPps = bytes("4401c172b46240");
const Bytes kHevcCra{0x2a, 1, 7}, kHevcSlice{0x02, 1, 8};

Bytes startCodes(std::initializer_list<Bytes> nals) {
    Bytes all;
    for (const auto& nal : nals) {
        all.insert(all.end(), {0, 0, 0, 1});
        all.insert(all.end(), nal.begin(), nal.end());
    }
    return all;
}

Bytes lengths(std::initializer_list<Bytes> nals) {
    Bytes all;
    for (const auto& nal : nals) {
        all.insert(all.end(), {0, 0, 0, static_cast<std::uint8_t>(nal.size())});
        all.insert(all.end(), nal.begin(), nal.end());
    }
    return all;
}

class CodedAppTest : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(source->start(got.sink())); }

    Result<void> push(const Bytes& data, VideoCodec codec = VideoCodec::h264) {
        return source->push({.codec = codec, .data = data});
    }
    void accepted(const Bytes& data, VideoCodec codec = VideoCodec::h264) {
        const auto pushed = push(data, codec);
        EXPECT_TRUE(pushed) << pushed.error().message;
    }
    void refused(const Result<void>& pushed, const std::string& words, Code code = Code::InvalidArgument) {
        ASSERT_FALSE(pushed);
        EXPECT_EQ(pushed.error().code, code);
        EXPECT_NE(pushed.error().message.find(words), std::string::npos) << pushed.error().message;
    }

    CodedCollector got;
    std::unique_ptr<CodedVideoSource> source = makeAppCoded();
};

TEST_F(CodedAppTest, ParameterSetsBecomeAConfigAndAllElseStays) {
    accepted(startCodes({kDelimiter, kSps, kPps, kSei, kIdr, kFiller}));
    accepted(lengths({kSlice, kSlice}));
    ASSERT_EQ(got.configs.size(), 1U);
    const auto& told = *got.configs[0].description;
    EXPECT_EQ(told.width, 640);
    EXPECT_EQ(told.height, 360);
    EXPECT_EQ(told.fps, 30);
    EXPECT_EQ(told.videoCodec, VideoCodec::h264);
    EXPECT_EQ((*got.configs[0].data)[0], 1);
    ASSERT_EQ(got.frames.size(), 2U);
    EXPECT_EQ(got.frames[0].kind, Packet::Kind::Key);
    EXPECT_EQ(*got.frames[0].data, lengths({kSei, kIdr}));
    EXPECT_EQ(got.frames[1].kind, Packet::Kind::Delta);
    EXPECT_EQ(*got.frames[1].data, lengths({kSlice, kSlice}));
    EXPECT_LT(got.frames[0].dts, got.frames[1].dts);
}

TEST_F(CodedAppTest, OfHevcAnIrapIsAKeyFrame) {
    accepted(startCodes({kHevcVps, kHevcSps, kHevcPps, kHevcCra}), VideoCodec::hevc);
    accepted(startCodes({kHevcSlice}), VideoCodec::hevc);
    ASSERT_EQ(got.configs.size(), 1U);
    EXPECT_EQ(got.configs[0].description->width, 322);
    EXPECT_EQ(got.configs[0].description->videoCodec, VideoCodec::hevc);
    ASSERT_EQ(got.frames.size(), 2U);
    EXPECT_EQ(got.frames[0].kind, Packet::Kind::Key);
    EXPECT_EQ(got.frames[1].kind, Packet::Kind::Delta);
}

TEST_F(CodedAppTest, AConfigComesOnlyWhenParameterSetsChange) {
    accepted(startCodes({kSps, kPps}));  // in a call of their own
    accepted(startCodes({kIdr}));
    accepted(startCodes({kSps, kPps, kIdr}));
    EXPECT_EQ(got.configs.size(), 1U);
    accepted(startCodes({kSmallSps, kPps, kIdr}));
    ASSERT_EQ(got.configs.size(), 2U);
    EXPECT_EQ(got.configs[1].description->width, 320);
    EXPECT_EQ(got.frames.size(), 3U);
}

TEST_F(CodedAppTest, WhatComesWithoutASliceGoesWithTheNextPicture) {
    accepted(startCodes({kSps, kPps, kSei}));
    accepted(startCodes({kIdr}));
    ASSERT_EQ(got.frames.size(), 1U);
    EXPECT_EQ(*got.frames[0].data, lengths({kSei, kIdr}));
}

TEST_F(CodedAppTest, WhatCantGoOutIsRefusedInWords) {
    refused(push({}), "data is empty");
    refused(push(Bytes{1, 2, 3, 4, 5, 6}), "neither a start code");
    refused(push(startCodes({kIdr})), "before its parameter sets: SPS and PPS");
    refused(push(startCodes({kHevcCra}), VideoCodec::hevc), "VPS, SPS and PPS");
    refused(push(startCodes({Bytes{0x67, 1, 2}})), "its SPS can't be read: is it really H.264?");
    refused(push(startCodes({kSps, kPps, kSlice})), "the first must be a key frame (IDR)");
    refused(push(startCodes({kIdr}), VideoCodec::av1), "must be h264 or hevc");
    accepted(startCodes({kSps, kPps, kIdr}));
    refused(push(startCodes({kHevcVps}), VideoCodec::hevc), "codec HEVC: must be H.264, as all before");
    EXPECT_EQ(got.frames.size(), 1U);
}

TEST_F(CodedAppTest, TimesMustGoOnAndBeOnOurClock) {
    const auto data = startCodes({kSps, kPps, kIdr});
    const auto base = now();
    const auto at = [&](int pts, int dts) {
        return source->push({.data = data, .pts = base + Timestamp(pts), .dts = base + Timestamp(dts)});
    };
    EXPECT_TRUE(at(100, 50));
    EXPECT_TRUE(at(80, 60));
    refused(at(200, 60), "must be after the one before");
    refused(at(65, 70), "must not be before dts");
    refused(source->push({.data = data, .pts = Timestamp(40'000)}), "the time of livepusher::now()");
    ASSERT_EQ(got.frames.size(), 2U);
    EXPECT_EQ(got.frames[0].pts, base + Timestamp(100));
    EXPECT_EQ(got.frames[1].dts, base + Timestamp(60));
}

TEST_F(CodedAppTest, ParameterSetsAreKeptWhileItIsStopped) {
    source->stop();
    refused(push(startCodes({kSps, kPps})), "not running", Code::InvalidState);
    ASSERT_TRUE(source->start(got.sink()));
    accepted(startCodes({kIdr}));
    source->stop();
    ASSERT_TRUE(source->start(got.sink()));
    refused(push(startCodes({kSlice})), "must be a key frame");
    accepted(startCodes({kIdr}));
    EXPECT_EQ(got.configs.size(), 2U) << "each start begins with one";
}

TEST_F(CodedAppTest, WhatIsPushedIsCopied) {
    auto data = startCodes({kSps, kPps, kIdr});
    accepted(data);
    std::fill(data.begin(), data.end(), std::uint8_t{0});
    EXPECT_EQ(*got.frames[0].data, lengths({kIdr}));
}

}  // namespace
}  // namespace livepusher::capture
