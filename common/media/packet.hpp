// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace livepusher {

/// One coded unit. A Config packet precedes the first frame it governs, in band and in order.
struct Packet {
    enum class Track : std::uint8_t { Audio, Video };
    enum class Kind : std::uint8_t {
        Config,  ///< AVCDecoderConfigurationRecord or HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1, §8.3.3.1),
                 ///< AV1CodecConfigurationRecord (AV1-ISOBMFF §2.3), AudioSpecificConfig (14496-3 §1.6.2.1), OpusHead
                 ///< (RFC 7845 §5.1), or nothing: HeaderlessSound
        Key,     ///< decodable alone; every audio packet is
        Delta,
    };
    Track track{};
    Kind kind{};
    Timestamp pts{};  ///< since the session began, in and after the lanes
    Timestamp dts{};
    std::shared_ptr<const std::vector<std::uint8_t>> data;  ///< NAL units with 4-byte lengths, AV1 OBUs of a temporal unit
                                                            ///< without its delimiter, raw AAC, an Opus packet, MP3 or G.711

    /// Sound that is only ever received: its Config has no bytes, and all that is known beforehand stands in its description.
    enum class HeaderlessSound : std::uint8_t { None, Mp3, ALaw, MuLaw };

    /// What metadata tells of a track, and what its packets are coded as until the next Config; only on Config packets.
    struct Description {
        int width = 0, height = 0;  ///< px
        double fps = 0;
        int bitrate = 0;  ///< kbps
        int sampleRate = 0, channels = 0;
        VideoCodec videoCodec = VideoCodec::h264;  ///< of a video track
        AudioCodec audioCodec = AudioCodec::aac;   ///< of an audio track, unless
        HeaderlessSound headerless = HeaderlessSound::None;
    };
    std::shared_ptr<const Description> description;
    int rendition = 0;  ///< of a track that there are several of (docs/targets.md); 0: the push's own

    static Packet config(Track track, std::vector<std::uint8_t> record, const Description& described) {
        return {track,
                Kind::Config,
                {},
                {},
                std::make_shared<const std::vector<std::uint8_t>>(std::move(record)),
                std::make_shared<const Description>(described),
                0};
    }
    static Packet coded(Track track, Kind kind, Timestamp pts, Timestamp dts, std::vector<std::uint8_t> unit) {
        return {track, kind, pts, dts, std::make_shared<const std::vector<std::uint8_t>>(std::move(unit)), {}, 0};
    }
};

}  // namespace livepusher
