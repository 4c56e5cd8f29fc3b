// SPDX-License-Identifier: MIT
#include "capture/coded/coded_track.hpp"

#include "av/orientation.hpp"
#include "media/hevc_config.hpp"

namespace livepusher::capture {
namespace {

std::string codecWords(AVCodecID id) {
    if (const auto* known = avcodec_descriptor_get(id); known && known->long_name) {
        const std::string words = known->long_name;
        return words.substr(0, words.find(" ("));
    }
    return avcodec_get_name(id);
}

}  // namespace

Result<CodedTrack> CodedTrack::open(const AVStream& stream, const std::string& label, CodedPackets& packets) {
    const auto& parameters = *stream.codecpar;
    CodedTrack track;
    track.label_ = label;
    if (parameters.codec_id != AV_CODEC_ID_H264 && parameters.codec_id != AV_CODEC_ID_HEVC)
        return Error{Code::SourceFailed, label + ": is " + codecWords(parameters.codec_id) +
                                             ": only H.264 and HEVC can go out as they are; use file: or camera: to encode it"};
    track.codec_ = parameters.codec_id == AV_CODEC_ID_HEVC ? VideoCodec::hevc : VideoCodec::h264;
    if (parameters.extradata_size > 0) {
        const std::span record(parameters.extradata, static_cast<std::size_t>(parameters.extradata_size));
        if (auto learned = track.learn(record, packets); !learned) return learned.error();
    }
    if (const auto orientation = containerOrientation(stream)) packets.toldToTurn(*orientation);
    return track;
}

Result<void> CodedTrack::learn(std::span<const std::uint8_t> record, CodedPackets& packets) {
    if (record[0] == 1) {  // a start code begins with 0
        const auto read = codec_ == VideoCodec::hevc ? base::readHevcConfig(record) : base::readAvcConfig(record);
        if (!read) return Error{Code::SourceFailed, label_ + ": its decoder's configuration can't be read"};
        lengthSize_ = read->lengthSize;
        return packets.learn(codec_, read->sets);
    }
    return packets.learn(codec_, base::splitNals(record));
}

Result<CodedPackets::Taken> CodedTrack::take(const AVPacket& packet, Timestamp pts, Timestamp dts, CodedPackets& packets) {
    std::size_t size = 0;
    if (const auto* fresh = av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, &size); fresh && size > 0)
        if (auto learned = learn({fresh, size}, packets); !learned) return learned.error();
    const std::span data(packet.data, static_cast<std::size_t>(packet.size));
    const auto nals = lengthSize_ > 0 ? base::splitLengths(data, lengthSize_) : base::splitNals(data);
    if (nals.empty()) return Error{Code::InvalidArgument, label_ + ": a packet holds no NAL units"};
    return packets.take(codec_, nals, pts, dts);
}

}  // namespace livepusher::capture
