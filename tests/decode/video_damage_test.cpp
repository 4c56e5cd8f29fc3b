// SPDX-License-Identifier: MIT
#include "decode/decoders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "encode/known_encoders.hpp"
#include "media/avc_config.hpp"
#include "media/nal.hpp"
#include "video_decoder_case.hpp"

namespace livepusher::decode::test {
namespace {

class VideoDamage : public VideoDecoderTest {};

TEST_F(VideoDamage, DamageIsToldOnceAndEndsWithTheNextKeyFrame) {
    auto packets = codedStream(recipe());  // key frames at 0 and 25
    for (const std::size_t at : {6U, 8U}) {
        auto data = *packets[at].data;
        for (std::size_t i = data.size() / 3; i < data.size(); i += 3) data[i] ^= 0x5a;
        packets[at].data = std::make_shared<const Bytes>(data);
    }
    give(packets);
    finish();
    EXPECT_EQ(told.damages.size(), 1U);
    ASSERT_GE(pictures.size(), 48U);
    for (const auto& picture : pictures) {
        const bool between = picture.frame.pts >= 5 * 40ms && picture.frame.pts < 1s;
        EXPECT_EQ(picture.intact, !between) << picture.frame.pts.count();
    }
}

TEST_F(VideoDamage, WhatIsNoPictureAtAllIsDamageToo) {
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc, VideoCodec::av1}) {
        SCOPED_TRACE(encode::codecName(codec));
        told = {};
        pictures.clear();
        decoder = makeVideoDecoder(VideoDecoderType::software, told);
        auto packets = codedStream(recipe(codec));
        packets[6].data = std::make_shared<const Bytes>(Bytes(200, 0xa5));
        packets[9].data = std::make_shared<const Bytes>(packets[9].data->begin(), packets[9].data->begin() + 9);
        packets[10].data = nullptr;
        packets[11].data = std::make_shared<const Bytes>();
        give(packets);
        finish();
        EXPECT_EQ(told.damages.size(), 1U);
        ASSERT_GE(pictures.size(), 30U);  // of AV1 nothing comes before the next key frame
        for (const auto& picture : pictures) {
            const bool between = picture.frame.pts >= 5 * 40ms && picture.frame.pts < 1s;
            EXPECT_EQ(picture.intact, !between) << picture.frame.pts.count();
        }
        EXPECT_EQ(pictures.back().frame.pts, 49 * 40ms);
    }
}

TEST_F(VideoDamage, MissingPicturesOfH264AreTold) {
    auto packets = codedStream(recipe());
    packets.erase(packets.begin() + 11, packets.begin() + 13);
    give(packets);
    finish();
    EXPECT_EQ(told.gaps.size(), 1U);
    EXPECT_TRUE(told.damages.empty());
    ASSERT_EQ(pictures.size(), 48U);
    for (const auto& picture : pictures) {
        const bool between = picture.frame.pts >= 12 * 40ms && picture.frame.pts < 1s;
        EXPECT_EQ(picture.intact, !between) << picture.frame.pts.count();
    }
}

TEST_F(VideoDamage, WhatIsLeftOutUpToAKeyFrameIsNotMissing) {
    auto packets = codedStream(recipe());
    packets.erase(packets.begin() + 11, packets.begin() + 26);
    give(packets);
    EXPECT_EQ(pictures.size(), 35U);
    expectNothingWrong();
}

/// Bits, first bit first.
class BitWriter {
public:
    void bits(std::uint32_t value, int count) {
        for (int i = count - 1; i >= 0; --i) {
            if (used_ % 8 == 0) bytes.push_back(0);
            bytes.back() = static_cast<std::uint8_t>(bytes.back() | (value >> static_cast<unsigned>(i) & 1U) << (7 - used_ % 8));
            ++used_;
        }
    }
    void golomb(std::uint32_t value) {
        int length = 0;
        while ((value + 1) >> static_cast<unsigned>(length + 1)) ++length;
        bits(0, length);
        bits(value + 1, length + 1);
    }
    Bytes bytes;

private:
    unsigned used_ = 0;
};

Bytes hugeSps(std::uint32_t macroblocks) {
    BitWriter out;
    out.bytes = {0x67, 66, 0xc0, 62};
    BitWriter body;
    for (const std::uint32_t value : {0U, 0U, 2U, 1U}) body.golomb(value);
    body.bits(0, 1);
    body.golomb(macroblocks - 1);
    body.golomb(macroblocks - 1);
    for (const std::uint32_t bit : {1U, 0U, 0U, 0U, 1U}) body.bits(bit, 1);
    out.bytes.insert(out.bytes.end(), body.bytes.begin(), body.bytes.end());
    return out.bytes;
}

TEST_F(VideoDamage, PicturesThatAreTooLargeAreDamage) {
    const auto packets = codedStream(recipe());
    const auto record = base::readAvcConfig(*packets[0].data);
    ASSERT_TRUE(record);
    const auto sps = hugeSps(1024);
    const auto info = base::readAvcSps(sps);
    ASSERT_TRUE(info);
    ASSERT_EQ(info->width, 16384);
    const auto pps =
        std::ranges::find_if(record->sets, [](base::Nal nal) { return base::AvcNal::type(nal) == base::AvcNal::kPps; });
    ASSERT_NE(pps, record->sets.end());
    auto config = packets[0];
    config.data = std::make_shared<const Bytes>(base::avcConfig(base::Nal(sps), *pps));
    (void)give(config);
    for (std::size_t i = 1; i < packets.size(); ++i) (void)give(packets[i]);
    EXPECT_TRUE(pictures.empty());
    EXPECT_LE(told.damages.size(), 2U);
    give(packets);
    EXPECT_EQ(pictures.size(), 50U) << "a good one plays on";
}

TEST_F(VideoDamage, HostileConfigsDoNoHarm) {
    std::mt19937 random(9);
    std::uniform_int_distribution<int> byte(0, 255);
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc, VideoCodec::av1}) {
        const auto packets = codedStream(recipe(codec));
        for (int n = 0; n < 60; ++n) {
            Bytes data = *packets[0].data;
            if (n % 3 == 0) data.resize(data.size() * static_cast<std::size_t>(n) / 60);
            if (n % 3 == 1)
                for (int k = 0; k < 4; ++k)
                    data[static_cast<std::size_t>(byte(random)) % data.size()] = static_cast<std::uint8_t>(byte(random));
            if (n % 3 == 2) std::ranges::generate(data, [&] { return static_cast<std::uint8_t>(byte(random)); });
            auto config = packets[0];
            config.data = std::make_shared<const Bytes>(std::move(data));
            now += 1s;
            if (const auto result = give(config); !result) {
                EXPECT_EQ(result.error().code, Code::SourceFailed);
                EXPECT_NE(result.error().message.find(encode::codecName(codec)), std::string::npos);
            }
            for (std::size_t i = 1; i < 6; ++i) EXPECT_TRUE(give(packets[i]));
        }
        pictures.clear();
        now += 1s;
        give(packets);
        finish();
        EXPECT_EQ(pictures.size(), 50U) << encode::codecName(codec);
    }
}

}  // namespace
}  // namespace livepusher::decode::test
