// SPDX-License-Identifier: MIT
#include "av/orientation.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <span>
#include <type_traits>

#include "av/avformat.hpp"
#include "av/exif.hpp"
#include "media/avc_config.hpp"
#include "media/hevc_config.hpp"
#include "media/nal.hpp"
#include "media/orientation_sei.hpp"

namespace livepusher::capture {
namespace {

using Matrix = std::array<std::int32_t, 9>;

constexpr bool isNalCodec(AVCodecID id) { return id == AV_CODEC_ID_H264 || id == AV_CODEC_ID_HEVC; }
constexpr bool isPictureCodec(AVCodecID id) { return id == AV_CODEC_ID_MJPEG || id == AV_CODEC_ID_PNG || id == AV_CODEC_ID_WEBP; }

/// What a packet takes with it through the decoder.
struct Note {
    std::int32_t mark = kMark;  ///< tells it from the decoder's own
    std::int32_t own = 0;       ///< 1: this picture says so itself; 0: an earlier packet did
    std::int32_t rotation = 0;
    std::int32_t mirrored = 0;
    std::int64_t since = AV_NOPTS_VALUE;  ///< that packet's pts
    std::array<std::int32_t, 3> rest{};   ///< to a matrix's size

    static constexpr std::int32_t kMark = 0x4C50'4F52;  // as a matrix it would make pictures some 20,000 times as wide
};
static_assert(sizeof(Note) <= 40 && std::is_trivially_copyable_v<Note>);

/// Side data has no alignment to rely on.
template <typename T>
T read(const AVFrameSideData& side) {
    T value;
    std::memcpy(&value, side.data, sizeof value);
    return value;
}

std::optional<Note> noteOf(const AVFrame& frame) {
    for (int i = 0; i < frame.nb_side_data; ++i) {
        const auto& side = *frame.side_data[i];
        if (side.type != AV_FRAME_DATA_DISPLAYMATRIX || side.size != sizeof(Note)) continue;
        if (const auto note = read<Note>(side); note.mark == Note::kMark) return note;
    }
    return std::nullopt;
}

std::optional<base::Orientation> ownWord(const AVFrame& frame) {
    if (const auto* side = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX); side && side->size >= sizeof(Matrix))
        return matrixOrientation(read<Matrix>(*side).data());
    if (const auto* entry = av_dict_get(frame.metadata, "Orientation", nullptr, 0))
        return exifOrientation(std::atoi(entry->value));
    return std::nullopt;
}

}  // namespace

base::Orientation matrixOrientation(const std::int32_t* matrix) {
    // x' = m0 x + m3 y and y' = m1 x + m4 y, y downwards. The second column is the same with a mirror and without.
    const double across = matrix[0], acrossDown = matrix[1], downAcross = matrix[3], down = matrix[4];
    const double area = across * down - acrossDown * downAcross;
    if (area == 0) return {};
    constexpr double kDegrees = 57.29577951308232;
    const double scaleX = std::hypot(across, downAcross), scaleY = std::hypot(acrossDown, down);
    const auto quarters = std::lround(std::atan2(-downAcross / scaleX, down / scaleY) * kDegrees / 90);
    return {base::rotationOf(static_cast<int>(quarters) * 90), area < 0};
}

std::optional<base::Orientation> containerOrientation(const AVStream& stream) {
    std::size_t size = 0;
    const auto* data = avformat().av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (!data || size < sizeof(Matrix)) return std::nullopt;
    Matrix matrix;
    std::memcpy(matrix.data(), data, sizeof matrix);
    return matrixOrientation(matrix.data());
}

OrientationTracker::OrientationTracker(const AVStream& stream)
    : container_(containerOrientation(stream)), codec_(stream.codecpar->codec_id) {
    learn(stream.codecpar->extradata, static_cast<std::size_t>(stream.codecpar->extradata_size));
}

void OrientationTracker::learn(const std::uint8_t* extradata, std::size_t size) {
    if (!isNalCodec(codec_) || !extradata || size == 0 || extradata[0] != 1) return;  // a start code begins with 0
    const std::span record(extradata, size);
    const auto config = codec_ == AV_CODEC_ID_HEVC ? base::readHevcConfig(record) : base::readAvcConfig(record);
    if (config) lengthSize_ = config->lengthSize;
}

std::optional<base::Orientation> OrientationTracker::told(const AVPacket& packet) {
    const std::span data(packet.data, static_cast<std::size_t>(packet.size));
    if (isPictureCodec(codec_)) return exifOrientation(readPictureExif(data));
    std::size_t size = 0;
    if (const auto* fresh = av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, &size)) learn(fresh, size);
    std::optional<base::Orientation> last;
    const auto codec = codec_ == AV_CODEC_ID_HEVC ? VideoCodec::hevc : VideoCodec::h264;
    for (const auto& nal : lengthSize_ > 0 ? base::splitLengths(data, lengthSize_) : base::splitNals(data))
        if (const auto orientation = readOrientationSei(codec, nal)) last = orientation;
    return last;
}

Result<void> OrientationTracker::note(AVPacket& packet) {
    if (container_ || !packet.data || packet.size <= 0 || !(isNalCodec(codec_) || isPictureCodec(codec_))) return {};
    noted_ = true;
    const auto own = told(packet);
    if (own) coming_ = Said{*own, packet.pts};
    if (!coming_) return {};
    const Note note{.own = own ? 1 : 0,
                    .rotation = static_cast<std::int32_t>(coming_->orientation.rotation),
                    .mirrored = coming_->orientation.mirrored ? 1 : 0,
                    .since = coming_->since};
    auto* data = av_packet_new_side_data(&packet, AV_PKT_DATA_DISPLAYMATRIX, sizeof note);
    if (!data) return Error{Code::SourceFailed, "out of memory", AVERROR(ENOMEM)};
    std::memcpy(data, &note, sizeof note);
    return {};
}

base::Orientation OrientationTracker::of(const AVFrame& frame) {
    if (container_) return *container_;
    if (!noted_) return ownWord(frame).value_or(base::Orientation{});
    const auto note = noteOf(frame);
    if (!note) return held_.orientation;
    // The picture that said so may never have come out: then those behind it tell. One that was decoded before it and is shown
    // after it knows less.
    const bool behind = note->since != AV_NOPTS_VALUE && frame.pts != AV_NOPTS_VALUE && frame.pts >= note->since;
    const bool news = held_.since == AV_NOPTS_VALUE || note->since > held_.since;
    if (note->own == 1 || (behind && news)) held_ = {{base::rotationOf(note->rotation), note->mirrored == 1}, note->since};
    return held_.orientation;
}

void OrientationTracker::restart() {
    held_ = {};
    coming_.reset();
}

}  // namespace livepusher::capture
