// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "media/packet.hpp"

#include <string>
#include <vector>

namespace livepusher::test {

struct DecodedVideo {
    std::vector<VideoFrame> frames;                  ///< pts as the packets had them
    std::vector<char> types;                         ///< 'I', 'P' or 'B', one a frame
    std::vector<std::vector<std::string>> messages;  ///< SEI of user data, UUID and text, of each frame
    int profile = 0;
    int primaries = 0, transfer = 0, matrix = 0;  ///< ITU-T H.264 tables E-3, E-4, E-5
    bool limitedRange = false;
    int errors = 0;  ///< packets refused and frames marked corrupt
};

/// Decodes Config and coded packets in the order given, of whatever codec the Config says.
DecodedVideo decodeVideo(const std::vector<Packet>& packets);

struct DecodedAudio {
    std::vector<std::vector<float>> channels;
    std::vector<Timestamp> times;    ///< of each decoded block
    std::vector<std::size_t> sizes;  ///< samples a channel, of each decoded block
    int sampleRate = 0;
    int errors = 0;
};
/// AAC or Opus, as the Config says.
DecodedAudio decodeAudio(const std::vector<Packet>& packets);

/// A compressed picture file as RGB (PNG) or YUV (JPEG) planes' bytes, row after row.
struct DecodedPicture {
    int width = 0, height = 0;
    bool rgb = false;                     ///< else 4:2:0 of full range
    std::vector<std::uint8_t> bytes;      ///< RGB triples, or the Y plane
    std::vector<std::uint8_t> chroma[2];  ///< U and V
};
DecodedPicture decodePicture(const std::string& path, bool png);

/// Luma's peak signal-to-noise ratio, dB.
double psnr(const VideoFrame& a, const VideoFrame& b);

/// A picture with fine and coarse texture that moves from frame to frame.
VideoFrame texture(int width, int height, int number);

}  // namespace livepusher::test
