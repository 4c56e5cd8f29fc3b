// SPDX-License-Identifier: MIT
// Pushes pictures and sound that this program makes itself:  push_custom_frames rtmp://HOST/APP/KEY [SECONDS]
// Exit code: 0 all of it was pushed, 1 it was not, 2 wrong usage.
#include <livepusher/livepusher.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <numbers>
#include <thread>
#include <vector>

using namespace livepusher;

namespace {
constexpr int kWidth = 640, kHeight = 360, kFps = 25, kRate = 48000, kBlock = kRate / kFps;

/// A colour gradient with a white bar that wanders to the right.
void draw(std::vector<std::uint8_t>& rgba, int frame) {
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const bool bar = (x - frame * 4 % kWidth + kWidth) % kWidth < 24;
            const std::array<int, 4> colour{bar ? 255 : x * 255 / kWidth, bar ? 255 : y * 255 / kHeight, bar ? 255 : 128, 255};
            std::ranges::copy(colour, &rgba[static_cast<std::size_t>(y * kWidth + x) * 4]);
        }
    }
}
}  // namespace

int main(int argc, char** argv) {
    ContextOptions options;
    const int seconds = argc > 2 ? std::atoi(argv[2]) : 10;
    const auto url = setProperty(options.properties, "url", argc > 1 ? argv[1] : "");
    if (argc < 2 || !url || seconds < 1) {
        std::fprintf(stderr, "usage: %s rtmp://HOST/APP/KEY [SECONDS]  %s\n", argv[0], url ? "" : url.error().message.c_str());
        return 2;
    }
    options.properties.videoWidth = kWidth;
    options.properties.videoHeight = kHeight;
    options.properties.fps = kFps;
    options.sources = {.video = "app", .audio = "app"};
    options.handlers.onStateChange = [](const StateChangeEvent& e) { std::printf("%d %s\n", e.code, e.message.c_str()); };

    LivePusherContext pusher(std::move(options));
    std::promise<MethodResult> started;
    pusher.start({.complete = [&](const MethodResult& result) { started.set_value(result); }});
    if (const auto result = started.get_future().get(); result.errCode != 0) {
        std::fprintf(stderr, "%s\n", result.errMsg.c_str());
        return 1;
    }

    std::vector<std::uint8_t> rgba(std::size_t{4} * kWidth * kHeight);
    std::vector<float> samples(std::size_t{2} * kBlock);
    const Timestamp begin = now();
    for (int frame = 0; frame < seconds * kFps; ++frame) {
        const Timestamp pts = begin + std::chrono::microseconds(std::int64_t{frame} * 1'000'000 / kFps);
        std::this_thread::sleep_for(pts - now());  // live: each frame at its time
        draw(rgba, frame);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const double t = static_cast<double>(frame) / kFps + static_cast<double>(i - i % 2) / (2.0 * kRate);
            samples[i] = static_cast<float>(0.2 * std::sin(2 * std::numbers::pi * 440 * t));
        }
        const VideoFrameView view{PixelFormat::Rgba, kWidth, kHeight, {rgba.data()}, {4 * kWidth}, Rotation::None, pts};
        const auto picture = pusher.pushVideoFrame(view);
        const auto sound = pusher.pushAudioBlock({.data = samples.data(), .frames = kBlock, .pts = pts});
        if (!picture || !sound) return 1;  // refused once the push has ended: the reason was printed
        if (frame % kFps == 0) std::printf("second %d of %d, %d kbps\n", frame / kFps + 1, seconds, pusher.netStatus().netSpeed);
    }

    std::promise<void> stopped;  // stop() sends what is queued; the destructor would not wait for that
    pusher.stop({.complete = [&](const MethodResult&) { stopped.set_value(); }});
    stopped.get_future().wait();
    return 0;
}
