// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace livepusher::rtmp {

/// What one track has in an audio or video tag, of old or of Enhanced RTMP v2: views into the tag.
struct TagUnit {
    enum class Kind : std::uint8_t {
        Config,  ///< sequence header, SequenceStart
        Coded,
        End,    ///< end of sequence, SequenceEnd
        Other,  ///< what is not decoded: colours, channel maps, MPEG-2 TS headers
    };
    // Codecs of old that have no FourCC: their number, SoundFormat or CodecID (Adobe FLV 10.1 §E.4.2.1, §E.4.3.1).
    static constexpr std::uint32_t kALaw = 7, kMuLaw = 8;

    std::uint32_t codec = 0;  ///< a FourCC, where there is one
    Kind kind = Kind::Coded;
    bool key = true;
    std::int32_t composition = 0;  ///< ms, from dts to pts
    std::uint8_t track = 0;        ///< of multitrack tags
    int sampleRate = 0;            ///< of tags of old; what senders write there is often wrong
    int channels = 0;
    std::span<const std::uint8_t> data;
};

using TagUnitSink = std::function<void(const TagUnit&)>;

/// Gives `sink` the units of a tag's body. False: the body is cut off or contradicts itself; what stands before that was given.
bool readVideoTag(std::span<const std::uint8_t> body, const TagUnitSink& sink);
bool readAudioTag(std::span<const std::uint8_t> body, const TagUnitSink& sink);

}  // namespace livepusher::rtmp
