// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace livepusher::capture {

/// What a file made for a test holds: the test picture (its counter is the frame's number) and the test tone.
struct MediaRecipe {
    bool video = true, audio = true;
    int width = 320, height = 240;
    int fps = 25;
    int frames = 25;
    int rotation = 0;       ///< clockwise, as a display matrix
    bool mirrored = false;  ///< before it
    int sampleAspectNum = 1, sampleAspectDen = 1;
    const char* videoCodec = "mpeg4";
    const char* audioCodec = "aac";
    int sampleRate = 48000;
    int channels = 2;
    std::int64_t samples = 0;                         ///< of sound, each channel; 0: as long as the pictures
    std::function<float(std::int64_t, int)> sound{};  ///< of a sample's number and its channel; none: the test tone
    int keyEvery = 12;
};

/// Writes it to `path`, whose ending names the container. Throws std::runtime_error.
void makeMedia(const std::string& path, const MediaRecipe& recipe);

}  // namespace livepusher::capture
