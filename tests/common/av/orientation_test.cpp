// SPDX-License-Identifier: MIT
#include "av/orientation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <ostream>
#include <tuple>
#include <utility>
#include <vector>

#include "make_media.hpp"
#include "make_picture.hpp"
#include "make_sei.hpp"
#include "media/nal.hpp"
#include "temp_folder.hpp"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/opt.h>
}

namespace livepusher::base {

void PrintTo(const Orientation& o, std::ostream* out) { *out << static_cast<int>(o.rotation) << (o.mirrored ? " mirrored" : ""); }

}  // namespace livepusher::base

namespace livepusher::capture {
namespace {

using base::Orientation;

std::vector<Orientation> all() {
    std::vector<Orientation> eight;
    for (const bool mirrored : {false, true})
        for (const auto rotation : {Rotation::None, Rotation::Cw90, Rotation::Cw180, Rotation::Cw270})
            eight.push_back({rotation, mirrored});
    return eight;
}

/// Where the point (x, y), of -1..1 and y downwards, is seen.
std::pair<int, int> seen(Orientation orientation, int x, int y) {
    if (orientation.mirrored) x = -x;
    for (int quarter = 0; quarter < static_cast<int>(orientation.rotation) / 90; ++quarter) std::tie(x, y) = std::pair{-y, x};
    return {x, y};
}

TEST(MatrixOrientation, IsWhatTheMatrixDoesToThePictureInAllEight) {
    for (const int scale : {1 << 16, 1 << 15, 3 << 16})
        for (const auto wanted : all()) {
            const auto [acrossX, acrossY] = seen(wanted, 1, 0);
            const auto [downX, downY] = seen(wanted, 0, 1);
            const std::int32_t matrix[] = {acrossX * scale, acrossY * scale, 0, downX * scale, downY * scale, 0, 0, 0, 1 << 30};
            EXPECT_EQ(matrixOrientation(matrix), wanted);
        }
}

TEST(MatrixOrientation, IsWhatLibavsOwnFunctionsMake) {
    std::array<std::int32_t, 9> matrix{};
    for (const int degrees : {0, 90, 180, 270, 80, 200}) {  // the last two: to the nearest quarter
        av_display_rotation_set(matrix.data(), degrees);
        EXPECT_EQ(matrixOrientation(matrix.data()), (Orientation{base::rotationOf((degrees + 45) / 90 * 90), false}));
        av_display_matrix_flip(matrix.data(), 1, 0);  // behind the turn
        EXPECT_EQ(matrixOrientation(matrix.data()), (Orientation{base::rotationOf(-(degrees + 45) / 90 * 90), true})) << degrees;
    }
}

TEST(MatrixOrientation, OfOneThatShowsNothingIsNone) {
    const std::int32_t nothing[9] = {}, line[] = {1 << 16, 1 << 16, 0, 1 << 16, 1 << 16, 0, 0, 0, 1 << 30};
    EXPECT_TRUE(matrixOrientation(nothing).none());
    EXPECT_TRUE(matrixOrientation(line).none());
}

class OrientationTrackerTest : public ::testing::Test {
protected:
    OrientationTrackerTest() {
        EXPECT_TRUE(loadAvformat());
        format_.reset(avformat_alloc_context());
    }

    AVStream& stream(AVCodecID codec) {
        auto* made = avformat_new_stream(format_.get(), nullptr);
        made->codecpar->codec_id = codec;
        made->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
        return *made;
    }

    TempFolder folder_;

private:
    FormatPtr format_;
};

TEST_F(OrientationTrackerTest, FollowsAllEightMatricesOfAnMp4) {
    for (const auto wanted : all()) {
        const auto path = folder_.file("m.mp4");
        makeMedia(path, {.audio = false,
                         .width = 64,
                         .height = 48,
                         .frames = 2,
                         .rotation = static_cast<int>(wanted.rotation),
                         .mirrored = wanted.mirrored});
        AVFormatContext* opened = nullptr;
        ASSERT_EQ(avformat().avformat_open_input(&opened, path.c_str(), nullptr, nullptr), 0);
        const FormatPtr file(opened);
        OrientationTracker tracker(*file->streams[0]);
        const FramePtr frame(av_frame_alloc());
        EXPECT_EQ(tracker.of(*frame), wanted);
        EXPECT_EQ(containerOrientation(*file->streams[0]).has_value(), !wanted.none());
    }
}

PacketPtr packetOf(std::span<const std::uint8_t> bytes) {
    PacketPtr packet(av_packet_alloc());
    av_new_packet(packet.get(), static_cast<int>(bytes.size()));
    std::ranges::copy(bytes, packet->data);
    return packet;
}

CodecPtr decoderOf(AVCodecID id, int threads) {
    const auto* codec = avcodec_find_decoder(id);
    CodecPtr context(avcodec_alloc_context3(codec));
    context->thread_count = threads;
    context->thread_type = FF_THREAD_FRAME;
    EXPECT_EQ(avcodec_open2(context.get(), codec, nullptr), 0);
    return context;
}

TEST_F(OrientationTrackerTest, FollowsTheExifOfEachPicture) {
    struct {
        AVCodecID codec;
        PictureRecipe recipe;
    } const table[] = {{AV_CODEC_ID_MJPEG, {.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P}},
                       {AV_CODEC_ID_PNG, {}},
                       {AV_CODEC_ID_WEBP, {.codec = "libwebp", .format = AV_PIX_FMT_BGRA}}};
    for (const auto& row : table) {
        const auto picture = makePicture(row.recipe);
        const auto codec = decoderOf(row.codec, 1);
        OrientationTracker tracker(stream(row.codec));
        const FramePtr frame(av_frame_alloc());
        for (int exif = 9; exif >= 0; --exif) {  // with no EXIF last: nothing is held
            const auto bytes = exif == 0 ? picture : withOrientation(picture, exif);
            const auto packet = packetOf({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
            ASSERT_TRUE(tracker.note(*packet));
            ASSERT_EQ(avcodec_send_packet(codec.get(), packet.get()), 0);
            ASSERT_EQ(avcodec_receive_frame(codec.get(), frame.get()), 0);
            // Top left is red as the picture lies; seen it is where EXIF 2.32 says row 0 and column 0 are.
            const auto orientation = tracker.of(*frame);
            const std::map<int, std::pair<int, int>> topLeft{{2, {1, -1}}, {3, {1, 1}}, {4, {-1, 1}}, {5, {-1, -1}},
                                                             {6, {1, -1}}, {7, {1, 1}}, {8, {-1, 1}}};
            const auto expected = topLeft.contains(exif) ? topLeft.at(exif) : std::pair{-1, -1};
            EXPECT_EQ(seen(orientation, -1, -1), expected) << row.recipe.codec << exif;
            EXPECT_EQ(orientation.onItsSide(), exif >= 5 && exif <= 8);
        }
    }
}

/// Access units of a film with pictures that are shown in another order than decoded, and a key frame in its middle.
std::vector<PacketPtr> film(VideoCodec wanted) {
    const bool hevc = wanted == VideoCodec::hevc;
    const auto* encoder = avcodec_find_encoder_by_name(hevc ? "libx265" : "libx264");
    const CodecPtr codec(avcodec_alloc_context3(encoder));
    codec->width = 128, codec->height = 64;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->time_base = {1, 25};
    codec->gop_size = 12;
    codec->max_b_frames = 2;
    codec->thread_count = 1;
    if (hevc)
        av_opt_set(codec->priv_data, "x265-params", "pools=none:frame-threads=1:log-level=none:open-gop=0:b-adapt=0", 0);
    else
        av_opt_set(codec->priv_data, "x264-params", "b-adapt=0:scenecut=0:b-pyramid=none", 0);
    EXPECT_EQ(avcodec_open2(codec.get(), encoder, nullptr), 0);
    std::vector<PacketPtr> packets;
    const auto receive = [&] {
        for (PacketPtr packet(av_packet_alloc()); avcodec_receive_packet(codec.get(), packet.get()) == 0;
             packet.reset(av_packet_alloc()))
            packets.push_back(std::move(packet));
    };
    for (int n = 0; n < 24; ++n) {
        const FramePtr frame(av_frame_alloc());
        frame->width = codec->width, frame->height = codec->height;
        frame->format = codec->pix_fmt;
        frame->pts = n;
        av_frame_get_buffer(frame.get(), 0);
        for (int plane = 0; plane < 3; ++plane)
            std::memset(frame->data[plane], 60 + 5 * n,
                        static_cast<std::size_t>(frame->linesize[plane]) * (plane == 0 ? 64 : 32));
        avcodec_send_frame(codec.get(), frame.get());
        receive();
    }
    avcodec_send_frame(codec.get(), nullptr);
    receive();
    return packets;
}

/// The same packet with one more NAL unit before its first slice; with lengths in place of start codes where asked.
PacketPtr rebuilt(VideoCodec codec, const AVPacket& packet, const std::vector<std::uint8_t>& sei, bool lengths) {
    std::vector<std::uint8_t> bytes;
    const auto append = [&](base::Nal nal) {
        const auto size = nal.size();
        if (lengths)
            for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes.push_back(static_cast<std::uint8_t>(size >> shift));
        else
            bytes.insert(bytes.end(), {0, 0, 0, 1});
        bytes.insert(bytes.end(), nal.begin(), nal.end());
    };
    bool placed = sei.empty();
    for (const auto nal : base::splitNals({packet.data, static_cast<std::size_t>(packet.size)})) {
        const bool slice = codec == VideoCodec::hevc ? base::HevcNal::type(nal) <= base::HevcNal::kLastSlice
                                                     : base::AvcNal::type(nal) <= base::AvcNal::kIdr;
        if (slice && !placed) append(sei);
        placed = placed || slice;
        append(nal);
    }
    auto made = packetOf(bytes);
    made->pts = packet.pts;
    made->dts = packet.dts;
    made->flags = packet.flags;
    return made;
}

/// The first packet from `from` on that a packet behind it is shown before.
std::size_t shownLater(const std::vector<PacketPtr>& packets, std::size_t from) {
    for (auto at = from; at + 1 < packets.size(); ++at)
        if (!(packets[at]->flags & AV_PKT_FLAG_KEY) && packets[at + 1]->pts < packets[at]->pts) return at;
    return packets.size();
}

TEST_F(OrientationTrackerTest, AnSeiHoldsUntilTheNextInTheOrderOfShowing) {
    for (const auto codec : {VideoCodec::h264, VideoCodec::hevc}) {
        const auto id = codec == VideoCodec::hevc ? AV_CODEC_ID_HEVC : AV_CODEC_ID_H264;
        const auto packets = film(codec);
        const auto turned = shownLater(packets, 2), upright = shownLater(packets, 15),
                   mirrored = shownLater(packets, upright + 2);
        ASSERT_LT(mirrored, packets.size());
        const std::map<std::size_t, SeiRecipe> messages{{turned, {.anticlockwise = 3 << 14}},
                                                        {upright, {.cancel = true}},
                                                        {mirrored, {.horizontal = true, .othersBefore = 1}}};
        for (const int threads : {1, 4})
            for (const bool lengths : {false, true}) {
                if (lengths && codec == VideoCodec::hevc) continue;  // the decoder would want its configuration
                SCOPED_TRACE(testing::Message()
                             << (codec == VideoCodec::hevc ? "HEVC " : "H.264 ") << threads << (lengths ? " lengths" : ""));
                const auto decoder = decoderOf(id, threads);
                OrientationTracker tracker(stream(id));
                const FramePtr frame(av_frame_alloc());
                std::map<std::int64_t, Orientation> got;
                const auto receive = [&] {
                    while (avcodec_receive_frame(decoder.get(), frame.get()) == 0) got[frame->pts] = tracker.of(*frame);
                };
                for (std::size_t i = 0; i < packets.size(); ++i) {
                    const auto sei = messages.contains(i) ? makeSei(codec, messages.at(i)) : std::vector<std::uint8_t>{};
                    const auto noted = rebuilt(codec, *packets[i], sei, lengths);
                    ASSERT_TRUE(tracker.note(*noted));
                    if (lengths) {  // for the decoder with start codes, which need no configuration
                        const auto plain = rebuilt(codec, *packets[i], sei, false);
                        ASSERT_EQ(av_packet_copy_props(plain.get(), noted.get()), 0);
                        avcodec_send_packet(decoder.get(), plain.get());
                    } else {
                        avcodec_send_packet(decoder.get(), noted.get());
                    }
                    receive();
                }
                avcodec_send_packet(decoder.get(), nullptr);
                receive();
                ASSERT_EQ(got.size(), 24U);
                for (const auto& [shown, orientation] : got) {
                    const auto from = [&, pts = shown](std::size_t at) { return pts >= packets[at]->pts; };
                    const Orientation expected = from(mirrored)  ? Orientation{Rotation::None, true}
                                                 : from(upright) ? Orientation{}
                                                 : from(turned)  ? Orientation{Rotation::Cw90, false}
                                                                 : Orientation{};
                    EXPECT_EQ(orientation, expected) << "picture " << shown;
                }
                tracker.restart();
                const FramePtr plain(av_frame_alloc());
                EXPECT_TRUE(tracker.of(*plain).none()) << "a new beginning";
            }
    }
}

TEST_F(OrientationTrackerTest, AnSeiHoldsAlsoWhereItsOwnPictureIsNotShown) {
    const auto packets = film(VideoCodec::h264);
    const auto decoder = decoderOf(AV_CODEC_ID_H264, 1);
    OrientationTracker tracker(stream(AV_CODEC_ID_H264));
    const FramePtr frame(av_frame_alloc());
    int pictures = 0;
    const auto receive = [&] {
        while (avcodec_receive_frame(decoder.get(), frame.get()) == 0) {
            ++pictures;
            EXPECT_EQ(tracker.of(*frame), (Orientation{Rotation::Cw180, false})) << frame->pts;
        }
    };
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const auto sei = i == 0 ? makeSei(VideoCodec::h264, {.anticlockwise = 2 << 14}) : std::vector<std::uint8_t>{};
        const auto noted = rebuilt(VideoCodec::h264, *packets[i], sei, false);
        if (i == 0) noted->flags |= AV_PKT_FLAG_DISCARD;  // as an edit list has it, which begins behind a key frame
        ASSERT_TRUE(tracker.note(*noted));
        avcodec_send_packet(decoder.get(), noted.get());
        receive();
    }
    avcodec_send_packet(decoder.get(), nullptr);
    receive();
    EXPECT_EQ(pictures, 23);
}

TEST_F(OrientationTrackerTest, TheContainersWordGoesBeforeThePictures) {
    auto& container = stream(AV_CODEC_ID_PNG);
    auto* matrix = av_stream_new_side_data(&container, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t));
    av_display_rotation_set(reinterpret_cast<std::int32_t*>(matrix), 180);
    OrientationTracker tracker(container);
    const auto bytes = withOrientation(makePicture({}), 6);
    const auto packet = packetOf({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    ASSERT_TRUE(tracker.note(*packet));
    const FramePtr frame(av_frame_alloc());
    EXPECT_EQ(tracker.of(*frame), (Orientation{Rotation::Cw180, false}));
}

TEST_F(OrientationTrackerTest, WithoutPacketsTheFramesOwnWordCounts) {
    OrientationTracker tracker(stream(AV_CODEC_ID_MJPEG));
    const FramePtr frame(av_frame_alloc());
    av_dict_set(&frame->metadata, "Orientation", "    7", 0);
    EXPECT_EQ(tracker.of(*frame), (Orientation{Rotation::Cw90, true}));
    auto* side = av_frame_new_side_data(frame.get(), AV_FRAME_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t));
    av_display_rotation_set(reinterpret_cast<std::int32_t*>(side->data), 270);
    EXPECT_EQ(tracker.of(*frame), (Orientation{Rotation::Cw270, false}));
    EXPECT_TRUE(OrientationTracker().of(*FramePtr(av_frame_alloc())).none());
}

}  // namespace
}  // namespace livepusher::capture
