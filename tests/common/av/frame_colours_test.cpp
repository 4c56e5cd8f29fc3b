// SPDX-License-Identifier: MIT
// HDR and BT.2020 on their way to BT.709 SDR.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "av/frame_converter.hpp"

extern "C" {
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

using Rgb = std::array<double, 3>;

/// cd/m² to PQ's signal (ITU-R BT.2100 table 4).
double pq(double light) {
    const double p = std::pow(std::max(light, 0.0) / 10'000, 2610.0 / 16384);
    return std::pow((3424.0 / 4096 + 2413.0 / 128 * p) / (1 + 2392.0 / 128 * p), 2523.0 / 32);
}

/// cd/m² on a display of 1000 to HLG's signal, for grey (ITU-R BT.2100 table 5).
double hlg(double light) {
    const double scene = std::pow(std::max(light, 0.0) / 1000, 1 / 1.2);
    return scene <= 1.0 / 12 ? std::sqrt(3 * scene) : 0.17883277 * std::log(12 * scene - 0.28466892) + 0.55991073;
}

/// BT.709's R'G'B' as light of BT.2020's primaries (ITU-R BT.2087 annex 2), 1: white.
Rgb wide(const Rgb& signal) {
    Rgb l{};
    for (std::size_t i = 0; i < 3; ++i) l[i] = std::pow(signal[i], 2.4);
    return {0.6274 * l[0] + 0.3293 * l[1] + 0.0433 * l[2], 0.0691 * l[0] + 0.9195 * l[1] + 0.0114 * l[2],
            0.0164 * l[0] + 0.0880 * l[1] + 0.8956 * l[2]};
}

/// A frame of one colour in 10 bits, limited range, BT.2020's matrix.
FramePtr frameOf(const Rgb& signal, AVColorTransferCharacteristic transfer, AVPixelFormat format = AV_PIX_FMT_YUV420P10LE) {
    FramePtr frame(av_frame_alloc());
    frame->format = format;
    frame->width = 70;  // no multiple of any vector
    frame->height = 46;
    frame->color_trc = transfer;
    frame->color_primaries = AVCOL_PRI_BT2020;
    frame->colorspace = AVCOL_SPC_BT2020_NCL;
    EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
    for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; ++i)  // what follows only sets bits
        std::memset(frame->buf[i]->data, 0, frame->buf[i]->size);
    const auto& description = *av_pix_fmt_desc_get(format);
    const double luma = 0.2627 * signal[0] + 0.6780 * signal[1] + 0.0593 * signal[2];
    const std::array<double, 3> values{64 + 876 * luma, 512 + 896 * (signal[2] - luma) / 1.8814,
                                       512 + 896 * (signal[0] - luma) / 1.4746};
    for (int c = 0; c < 3; ++c) {
        const double of10 = (description.flags & AV_PIX_FMT_FLAG_RGB) ? signal[std::size_t(c)] * 1023 : values[std::size_t(c)];
        const std::vector<std::uint16_t> row(
            70, static_cast<std::uint16_t>(std::lround(of10 * std::pow(2, description.comp[c].depth - 10))));
        const bool chroma = c > 0 && !(description.flags & AV_PIX_FMT_FLAG_RGB);
        for (int y = 0; y < (chroma ? AV_CEIL_RSHIFT(46, description.log2_chroma_h) : 46); ++y)
            av_write_image_line(row.data(), frame->data, frame->linesize, &description, 0, y, c,
                                chroma ? AV_CEIL_RSHIFT(70, description.log2_chroma_w) : 70);
    }
    return frame;
}

/// BT.709 R'G'B' as 8-bit limited YUV.
std::array<double, 3> sdr(const Rgb& s) {
    const double luma = 0.2126 * s[0] + 0.7152 * s[1] + 0.0722 * s[2];
    return {16 + 219 * luma, 128 + 224 * (s[2] - luma) / 1.8556, 128 + 224 * (s[0] - luma) / 1.5748};
}

void expectNear(const AVFrame& source, const std::array<double, 3>& right, double luma, double chroma) {
    FrameConverter converter;
    const auto frame = converter.convert(source);
    ASSERT_TRUE(frame) << frame.error().message;
    EXPECT_TRUE(frame->bt709);
    for (const bool last : {false, true}) {
        for (int i = 0; i < 3; ++i) {
            const int x = last ? frame->width() / (i ? 2 : 1) - 1 : 0, y = last ? frame->height() / (i ? 2 : 1) - 1 : 0;
            EXPECT_NEAR(frame->plane(i)[y * frame->stride(i) + x], right[static_cast<std::size_t>(i)], i ? chroma : luma)
                << "plane " << i << (last ? ", last" : ", first");
        }
    }
}

constexpr Rgb kBars[] = {{0.75, 0.75, 0.75}, {0.75, 0.75, 0}, {0, 0.75, 0.75}, {0, 0.75, 0}, {0.75, 0, 0.75},
                         {0.75, 0, 0},       {0, 0, 0.75},    {0, 0, 0},       {1, 1, 1},    {0.4, 0.4, 0.4}};

TEST(FrameColours, BarsInPqComeOutAsTheSdrTheyWere) {
    for (const auto format :
         {AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_P010LE, AV_PIX_FMT_YUV422P10LE, AV_PIX_FMT_YUV444P12LE, AV_PIX_FMT_GBRP10LE}) {
        for (const auto& bar : kBars) {
            SCOPED_TRACE(std::string(av_get_pix_fmt_name(format)) + " bar " + std::to_string(&bar - kBars));
            auto light = wide(bar);
            for (auto& value : light) value = pq(value * 203);
            expectNear(*frameOf(light, AVCOL_TRC_SMPTE2084, format), sdr(bar), 15, 10);
        }
    }
}

TEST(FrameColours, GreyInPqIsExactUpToTheRollOffAndHighlightsStayApart) {
    FrameConverter converter;
    int last = 0;
    for (const double light : {0.0, 1.0, 10.0, 50.0, 100.0, 150.0, 203.0, 300.0, 500.0, 1000.0}) {
        const double signal = pq(light);
        const auto frame = converter.convert(*frameOf({signal, signal, signal}, AVCOL_TRC_SMPTE2084));
        ASSERT_TRUE(frame);
        const int luma = frame->plane(0)[0];
        if (light <= 150) {
            EXPECT_NEAR(luma, 16 + 219 * std::pow(light / 203, 1 / 2.4), 1.5) << light;
        }
        EXPECT_GE(luma, last + (light > 0 ? 1 : 0)) << light;
        last = luma;
    }
    EXPECT_NEAR(last, 235, 1);
}

TEST(FrameColours, APictureThatTellsItIsNoBrighterThanSdrKeepsItsWhite) {
    const double signal = pq(100);
    const auto frame = frameOf({signal, signal, signal}, AVCOL_TRC_SMPTE2084);
    av_content_light_metadata_create_side_data(frame.get())->MaxCLL = 100;
    expectNear(*frame, {235, 128, 128}, 1, 1);
    const auto untold = frameOf({signal, signal, signal}, AVCOL_TRC_SMPTE2084);
    FrameConverter converter;
    ASSERT_TRUE(converter.convert(*frame));
    EXPECT_NEAR(converter.convert(*untold)->plane(0)[0], 235, 1) << "what was told holds on";
}

TEST(FrameColours, HlgIsShownAsOnADisplayOf1000) {
    for (const double light : {0.0, 5.0, 50.0, 150.0}) {
        const double signal = hlg(light);
        SCOPED_TRACE(light);
        expectNear(*frameOf({signal, signal, signal}, AVCOL_TRC_ARIB_STD_B67),
                   {16 + 219 * std::pow(light / 203, 1 / 2.4), 128, 128}, 2, 1);
    }
    expectNear(*frameOf({0.75, 0.75, 0.75}, AVCOL_TRC_ARIB_STD_B67), {235, 128, 128}, 15, 1);  // HLG's white
}

TEST(FrameColours, SdrOfBt2020ChangesItsMatrixAndPrimaries) {
    for (const auto transfer : {AVCOL_TRC_BT2020_10, AVCOL_TRC_BT709, AVCOL_TRC_UNSPECIFIED}) {
        for (const auto& bar : kBars) {
            SCOPED_TRACE(&bar - kBars);
            auto signal = wide(bar);
            for (auto& value : signal) value = std::pow(value, 1 / 2.4);
            expectNear(*frameOf(signal, transfer), sdr(bar), 6, 6);
        }
    }
}

TEST(FrameColours, OtherMatricesAreConverted) {
    auto frame = frameOf({0.5, 0.5, 0.5}, AVCOL_TRC_BT709);
    frame->color_primaries = AVCOL_PRI_BT709;
    frame->colorspace = AVCOL_SPC_YCGCO;
    for (int y = 0; y < 46; ++y) {  // green: Y 0.5, Cg 0.5, Co 0
        std::fill_n(reinterpret_cast<std::uint16_t*>(frame->data[0] + y * frame->linesize[0]), 70, 64 + 438);
        if (y >= 23) continue;
        std::fill_n(reinterpret_cast<std::uint16_t*>(frame->data[1] + y * frame->linesize[1]), 35, 960);
        std::fill_n(reinterpret_cast<std::uint16_t*>(frame->data[2] + y * frame->linesize[2]), 35, 512);
    }
    expectNear(*frame, sdr({0, 1, 0}), 3, 3);
}

TEST(FrameColours, ValuesBeyondTenBitsAreCut) {
    auto frame = frameOf({0.5, 0.5, 0.5}, AVCOL_TRC_SMPTE2084);
    for (const int i : {0, 1, 2}) std::memset(frame->data[i], 0xFF, static_cast<std::size_t>(frame->linesize[i]) * 23);
    FrameConverter converter;
    EXPECT_TRUE(converter.convert(*frame));  // without a read outside of the table: for the sanitizers to see
}

TEST(FrameColours, OrdinarySdrPassesAsItIs) {
    auto frame = frameOf({0.5, 0.5, 0.5}, AVCOL_TRC_BT709);
    frame->color_primaries = AVCOL_PRI_BT709;
    frame->colorspace = AVCOL_SPC_BT709;
    EXPECT_FALSE(foreignColours(*frame));
    frame->colorspace = AVCOL_SPC_UNSPECIFIED;
    frame->color_primaries = AVCOL_PRI_UNSPECIFIED;
    frame->color_trc = AVCOL_TRC_UNSPECIFIED;
    EXPECT_FALSE(foreignColours(*frame));
}

}  // namespace
}  // namespace livepusher::capture
