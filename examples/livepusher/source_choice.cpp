// SPDX-License-Identifier: MIT
#include "source_choice.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace program {

namespace {

bool exists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread runs yet
    return value == nullptr ? "" : value;
}

bool hasCamera() {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/dev", ignored)) {
        if (entry.path().filename().string().starts_with("video") && access(entry.path().c_str(), R_OK | W_OK) == 0) return true;
    }
    return false;
}

bool hasSoundServer() {
    if (!environment("PULSE_SERVER").empty()) return true;
    const std::string own = environment("PULSE_RUNTIME_PATH"), user = environment("XDG_RUNTIME_DIR");
    return (!own.empty() && exists(own + "/native")) || (!user.empty() && exists(user + "/pulse/native")) ||
           exists("/var/run/pulse/native");
}

/// A card with an input: many only play.
bool hasSoundCard() {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/snd", ignored)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("pcmC") && name.ends_with("c")) return true;
    }
    return false;
}

std::string_view kind(std::string_view spec) { return spec.substr(0, spec.find(':')); }

}  // namespace

Devices findDevices() { return {hasCamera(), hasSoundServer() || hasSoundCard()}; }

livepusher::Result<ChosenSources> chooseSources(const WantedSources& wanted, const Devices& devices) {
    auto video = wanted.video;
    auto audio = wanted.audio;
    if (wanted.source) {
        // One word for both: a device or a raw input carries only one of the two, everything else both.
        const auto what = kind(*wanted.source);
        const bool onlyAudio = what.starts_with("mic") || what == "system" || what == "pcm";
        const bool onlyVideo = what == "raw" || what == "image" || what == "coded" || what.starts_with("camera") ||
                               what.starts_with("screen") || what.ends_with("+camera");
        video = onlyAudio ? "none" : *wanted.source;
        if (what == "raw" || what == "image") audio = "none";
        if (!onlyVideo) audio = *wanted.source;
    }
    for (const auto& clip : wanted.playlist) {
        if (!wanted.source || kind(*wanted.source) != "file" || kind(clip) != "file" || clip == "file:-") {
            return livepusher::Error{livepusher::Code::InvalidArgument,
                                     "more than one source is a playlist: each must be file:PATH-OR-URL, a clip"};
        }
    }
    for (const auto& spec : {video, audio}) {
        if (spec && kind(*spec) == "app") {
            return livepusher::Error{livepusher::Code::InvalidArgument,
                                     "source app: is for programs that push their own frames; use raw: and pcm: here"};
        }
        if (spec && *spec == "coded") {
            return livepusher::Error{livepusher::Code::InvalidArgument,
                                     "source coded: alone is for programs that push their own coded pictures; name a file or a "
                                     "network camera, as in coded:film.mp4"};
        }
    }

    ChosenSources chosen;
    if (!video) {
        video = devices.camera ? "camera" : "test";
        chosen.note = devices.camera ? "picture: camera" : "picture: test (no camera found)";
    }
    if (!audio) {
        audio = devices.microphone ? "mic" : "test";
        chosen.note += chosen.note.empty() ? "" : ", ";
        chosen.note += devices.microphone ? "sound: microphone" : "sound: test (no microphone found)";
    }
    chosen.sources.video = *video;
    chosen.sources.audio = *audio;
    chosen.sources.playlist = wanted.playlist;
    return chosen;
}

}  // namespace program
