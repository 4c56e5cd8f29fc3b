// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher::capture {

/// What a file made for a test holds: the test picture (its counter is the frame's number) and the test tone.
struct MediaRecipe {
    bool video = true, audio = true;
    int width = 320, height = 240;
    int fps = 25;
    int frames = 25;
    int rotation = 0;  ///< clockwise, as a display matrix
    int sampleAspectNum = 1, sampleAspectDen = 1;
    const char* videoCodec = "mpeg4";
    const char* audioCodec = "aac";
    int sampleRate = 48000;
    int keyEvery = 12;
};

/// Writes it to `path`, whose ending names the container. Throws std::runtime_error.
void makeMedia(const std::string& path, const MediaRecipe& recipe);

}  // namespace livepusher::capture
