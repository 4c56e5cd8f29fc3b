// SPDX-License-Identifier: MIT
// Plays a live stream into the program's own hands, without window and device:  play_frames URL
// Each second it prints what came: size and rate of the pictures, level of the sound.
// Exit code: 0 it was played to its end, 1 it was not, 2 wrong usage.
#include <livepusher/livepusher.hpp>
#include <livepusher/player.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <future>

using namespace livepusher;

int main(int argc, char** argv) {
    PlayerOptions options;
    const auto url = setProperty(options.properties, "playUrl", argc == 2 ? argv[1] : "");
    if (argc != 2 || !url) {
        std::fprintf(stderr, "usage: %s URL  %s\n", argv[0], url ? "" : url.error().message.c_str());
        return 2;
    }
    options.properties.audioDevice = "none";  // without this line it is heard, too

    // Pictures and sound come on threads of their own, each at its moment.
    std::atomic<int> width{0}, height{0}, pictures{0};
    std::atomic<float> peak{0};
    options.handlers.onVideoFrame = [&](const VideoFrame& picture) {
        width = picture.width();
        height = picture.height();
        ++pictures;
    };
    options.handlers.onAudioBlock = [&](const HeardAudio& sound) {
        float loudest = peak;
        for (int i = 0; i < sound.frames * sound.channels; ++i) loudest = std::max(loudest, std::abs(sound.samples[i]));
        peak = loudest;
    };

    // The other handlers run one at a time on the player's event thread. Any may decide how this ends.
    std::promise<int> ended;
    bool decided = false, began = false;
    const auto end = [&](int exitCode) {
        if (!decided) ended.set_value(exitCode);
        decided = true;
    };
    options.handlers.onNetStatus = [&](const PlayerNetStatusEvent& event) {  // once a second
        const double level = 20 * std::log10(std::max(peak.exchange(0), 1e-5F));
        std::printf("%dx%d, %d pictures, peak %.1f dB, %d ms behind\n", width.load(), height.load(), pictures.exchange(0), level,
                    event.info.delay);
    };
    options.handlers.onStateChange = [&](const StateChangeEvent& event) {
        std::printf("%d %s\n", event.code, event.message.c_str());
        if (event.code == static_cast<int>(Code::PlayBegan)) began = true;
        if (event.code == static_cast<int>(Code::PlayEnded)) end(began ? 0 : 1);
        if (event.code == static_cast<int>(Code::PlayGivenUp)) end(1);
    };

    LivePlayerContext player(std::move(options));
    player.start({.fail = [&](const MethodResult& result) {
        std::fprintf(stderr, "%s\n", result.errMsg.c_str());
        end(1);
    }});
    return ended.get_future().get();  // the player's destructor stops it
}
