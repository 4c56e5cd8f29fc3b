// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <string>
#include <vector>

#include "media/packet.hpp"

namespace livepusher::test {

/// What real encoders make of a moving texture and a tone, as it comes out of a SendQueue.
struct StreamRecipe {
    VideoCodec videoCodec = VideoCodec::h264;
    AudioCodec audioCodec = AudioCodec::aac;
    bool video = true, audio = true;
    bool lowLatency = true;  ///< false: B-frames
    int width = 320, height = 192;
    int fps = 25;
    int frames = 50;
    double gop = 1;
    Timestamp start{};  ///< of the first picture and sample
    int first = 0;      ///< the first picture's number
};

/// Configs first, then media in the order of their dts. Throws std::runtime_error.
std::vector<Packet> codedStream(const StreamRecipe& recipe);

/// What is read of a file: its packets as libavformat has them, and what its pictures decode to.
struct ReadFile {
    struct Track {
        std::string codec;
        std::vector<Timestamp> pts, dts;
        std::vector<bool> keys;
        int sampleRate = 0, channels = 0;
    };
    Track video, audio;
    std::string format;
    Timestamp duration{};                    ///< that the file tells, or libavformat counts
    std::vector<std::pair<int, int>> sizes;  ///< of each decoded picture
    int decodedSamples = 0;                  ///< of each channel
    int errors = 0;                          ///< of decoding, and pictures marked damaged
};

/// Throws std::runtime_error where it can't be opened.
ReadFile readFile(const std::string& path);

}  // namespace livepusher::test
