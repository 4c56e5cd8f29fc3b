// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace program {

/// Help made to be read: usage and examples first, one heading for each kind of flag.
class HelpFormatter : public CLI::Formatter {
public:
    HelpFormatter();
    std::string make_usage(const CLI::App* app, std::string name) const override;
    std::string make_positionals(const CLI::App* app) const override;
    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

inline constexpr const char* kProgramDescription =
    "livepusher: pushes live pictures and sound to an RTMP server, and plays what it gets back";
inline constexpr const char* kPushDescription = "push a camera, a file, a screen or a test picture to a server";
inline constexpr const char* kPlayDescription = "play a live stream, close to its publisher";
inline constexpr const char* kEffectsDescription = "apply the picture effects to a picture or a video file";
inline constexpr const char* kDevicesDescription = "list cameras, microphones and screens, and what they can";
inline constexpr const char* kDevicesFooter =
    "The first word of each line is what --video-source and --audio-source take. --json: one object with the arrays cameras,\n"
    "microphones, screens, and notes that say why nothing of a kind is there. Exit codes: 0 done, 1 other failure,\n"
    "2 bad arguments, 3 there is no device at all.";
inline constexpr const char* kEncodersDescription = "list the video encoders that work here, and why others don't";
inline constexpr const char* kEncodersFooter =
    "Each is tried with some frames: hardware in a process of its own, at most 2 s for all. --json: an array of objects with\n"
    "codec, name, hardware, works, problem and milliseconds. Exit codes: 0 done, 1 other failure, 2 bad arguments, 5 none works.";
extern const char* const kProgramFooter;
extern const char* const kPushFooter;
extern const char* const kPlayFooter;
extern const char* const kEffectsFooter;

}  // namespace program
