// SPDX-License-Identifier: MIT
#include "flv/flv.hpp"

#include "base/big_endian.hpp"
#include "flv/amf_writer.hpp"
#include "flv/four_cc.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::rtmp {

namespace {

constexpr std::uint8_t kAac = 0xAF;          // AAC; the rate, size and channel bits are fixed for it (§E.4.2.1)
constexpr std::uint8_t kAvcKey = 0x17;       // key frame, AVC (§E.4.3.1)
constexpr std::uint8_t kAvcDelta = 0x27;     // inter frame, AVC
constexpr std::uint8_t kSequenceHeader = 0;  // AVCPacketType, AACPacketType
constexpr std::uint8_t kCoded = 1;
constexpr std::uint64_t kAhead = 1000;  // ms; more than one track begins after the other
constexpr double kAvcCodecId = 7;
constexpr double kAacCodecId = 10;

// Enhanced RTMP v2, "Enhanced Audio": SoundFormat 9 says that a packet type and a FourCC follow.
constexpr std::uint8_t kExAudio = 0x90;                 // | AudioPacketType: SequenceStart and CodedFrames are 0 and 1 too
constexpr std::uint8_t kExKey = 0x90, kExDelta = 0xA0;  // | VideoPacketType: SequenceStart and CodedFrames are 0 and 1 here too
constexpr std::uint8_t kCodedX = 3;                     // CodedFramesX: the composition time is 0, and left out

std::span<const std::uint8_t> bytesOf(const Packet& packet) {
    if (!packet.data) return {};
    return *packet.data;
}

bool isOpus(const Packet& config) { return config.description && config.description->audioCodec == AudioCodec::opus; }

VideoCodec codecOf(const Packet& config) { return config.description ? config.description->videoCodec : VideoCodec::h264; }

/// 0: H.264, which has a number of old.
std::uint32_t fourCcOf(VideoCodec codec) {
    switch (codec) {
        case VideoCodec::h264: break;
        case VideoCodec::hevc: return kHevcFourCc;
        case VideoCodec::av1: return kAv1FourCc;
    }
    return 0;
}

FlvTag audioTag(const Packet& packet, std::uint8_t kind, bool opus, std::uint64_t timestamp) {
    if (!opus) return {FlvTagType::Audio, timestamp, {kAac, kind}, 2, bytesOf(packet)};
    return {FlvTagType::Audio, timestamp, {static_cast<std::uint8_t>(kExAudio | kind), 'O', 'p', 'u', 's'}, 5, bytesOf(packet)};
}

/// Composition time, SI24: what players add to the timestamp (§E.4.3.1).
std::array<std::uint8_t, 3> compositionTime(const Packet& packet) {
    const auto pts = static_cast<std::int64_t>(toMilliseconds(packet.pts));
    const auto dts = static_cast<std::int64_t>(toMilliseconds(packet.dts));
    return base::bigBytes<3>(static_cast<std::uint64_t>(std::clamp<std::int64_t>(pts - dts, -0x800000, 0x7FFFFF)));
}

/// Enhanced RTMP v2, "Enhanced Video": the upper bit says that a packet type and a FourCC follow the frame type.
FlvTag exVideoTag(const Packet& packet, std::uint8_t kind, std::uint32_t fourCc, std::uint64_t timestamp) {
    FlvTag tag{FlvTagType::Video, timestamp, {}, 5, bytesOf(packet)};
    std::ranges::copy(base::bigBytes<4>(fourCc), tag.headBytes.begin() + 1);
    if (kind == kCoded && fourCc == kHevcFourCc) {  // AV1's pictures come in their order: its tags have no such time
        const auto composition = compositionTime(packet);
        if (composition == decltype(composition){}) {
            kind = kCodedX;
        } else {
            std::ranges::copy(composition, tag.headBytes.begin() + 5);
            tag.headSize = 8;
        }
    }
    const std::uint8_t frame = packet.kind == Packet::Kind::Delta ? kExDelta : kExKey;
    tag.headBytes[0] = static_cast<std::uint8_t>(frame | kind);
    return tag;
}

FlvTag videoTag(const Packet& packet, std::uint8_t kind, VideoCodec codec, std::uint64_t timestamp) {
    if (codec != VideoCodec::h264) return exVideoTag(packet, kind, fourCcOf(codec), timestamp);
    FlvTag tag{
        FlvTagType::Video, timestamp, {packet.kind == Packet::Kind::Delta ? kAvcDelta : kAvcKey, kind}, 5, bytesOf(packet)};
    if (kind == kCoded) std::ranges::copy(compositionTime(packet), tag.headBytes.begin() + 2);
    return tag;
}

struct Field {
    const char* name;
    double value;
};

void addVideo(std::vector<Field>& fields, const Packet::Description& video) {
    const auto add = [&](const char* name, double value) {
        if (value > 0) fields.push_back({name, value});  // unknown is left out, not told as 0
    };
    add("width", video.width);
    add("height", video.height);
    add("framerate", video.fps);
    add("videodatarate", video.bitrate);
}

}  // namespace

std::uint64_t toMilliseconds(Timestamp time) {
    return time.count() <= 0 ? 0 : (static_cast<std::uint64_t>(time.count()) + 500) / 1000;
}

std::vector<std::uint8_t> metadata(const Packet* videoConfig, const Packet* audioConfig, bool fileFields) {
    std::vector<Field> fields;
    if (fileFields) fields = {{"duration", 0}, {"filesize", 0}};
    if (videoConfig) {
        if (videoConfig->description) addVideo(fields, *videoConfig->description);
        const auto fourCc = fourCcOf(codecOf(*videoConfig));
        fields.push_back({"videocodecid", fourCc ? fourCc : kAvcCodecId});
    }
    const Packet::Description* audio = audioConfig ? audioConfig->description.get() : nullptr;
    if (audio && audio->bitrate > 0) fields.push_back({"audiodatarate", static_cast<double>(audio->bitrate)});
    if (audio && audio->sampleRate > 0) fields.push_back({"audiosamplerate", static_cast<double>(audio->sampleRate)});
    if (audioConfig) fields.push_back({"audiocodecid", isOpus(*audioConfig) ? kOpusFourCc : kAacCodecId});

    const bool channelsKnown = audio && audio->channels > 0;
    AmfWriter out;
    out.string("onMetaData").beginEcmaArray(static_cast<std::uint32_t>(fields.size() + (channelsKnown ? 2 : 1)));
    for (const auto& field : fields) out.member(field.name, field.value);
    if (channelsKnown) out.flag("stereo", audio->channels > 1);
    out.member("encoder", "livepusher " LIVEPUSHER_VERSION).endObject();
    return out.bytes();
}

Result<void> FlvPacketizer::write(const Packet& packet, const Sink& sink) {
    latest_ = std::max(latest_, toMilliseconds(packet.dts));
    if (packet.kind == Packet::Kind::Config) {
        (packet.track == Packet::Track::Video ? video_ : audio_) = packet;
        if (!started_) return {};
        // In a file, script data past the head reads as a track of text.
        if (!fileFields_)
            if (auto done = writeMetadata(sink); !done) return done;
        return writeConfig(packet, sink);
    }
    if (!started_) {
        started_ = true;
        // What describes the stream stands before it, but on a connection late in a push not at 0: servers count from the
        // first message's time, and nginx-rtmp takes what is 2^31 ms (25 days) later for earlier. In a file at 0, however
        // long a device took to give its first frame: else readers take it for a track of text.
        const auto first = std::exchange(latest_, fileFields_ ? 0 : latest_ - std::min(latest_, kAhead));
        if (auto done = writeMetadata(sink); !done) return done;
        for (const auto* config : {&video_, &audio_})
            if (*config)
                if (auto done = writeConfig(**config, sink); !done) return done;
        latest_ = first;
    }
    return sink(mediaTag(packet, toMilliseconds(packet.dts)));
}

Result<void> FlvPacketizer::writeMetadata(const Sink& sink) {
    const auto body = metadata(video_ ? &*video_ : nullptr, audio_ ? &*audio_ : nullptr, fileFields_);
    return sink({FlvTagType::Script, latest_, {}, 0, body});
}

FlvTag FlvPacketizer::mediaTag(const Packet& packet, std::uint64_t timestamp) const {
    const std::uint8_t kind = packet.kind == Packet::Kind::Config ? kSequenceHeader : kCoded;
    if (packet.track == Packet::Track::Video)
        return videoTag(packet, kind, video_ ? codecOf(*video_) : VideoCodec::h264, timestamp);
    return audioTag(packet, kind, audio_ && isOpus(*audio_), timestamp);
}

Result<void> FlvPacketizer::writeConfig(const Packet& config, const Sink& sink) { return sink(mediaTag(config, latest_)); }

}  // namespace livepusher::rtmp
