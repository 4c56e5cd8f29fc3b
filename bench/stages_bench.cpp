// SPDX-License-Identifier: MIT
// Each stage of the pipeline alone, on one thread: microseconds a frame or block.
#include <benchmark/benchmark.h>

#include "av/picture_writer.hpp"
#include "encode/encoders.hpp"
#include "flv/flv.hpp"
#include "media/fit.hpp"
#include "media/pixels.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace livepusher;

struct Nowhere final : encode::PacketSink {
    void take(Packet) override {}
};

/// A picture with coarse and fine detail that moves with its number.
VideoFrame texture(int width, int height, int number) {
    auto frame = VideoFrame::allocate(width, height);
    for (int i = 0; i < 3; ++i) {
        const int shift = i > 0;
        for (int y = 0; y < height >> shift; ++y) {
            for (int x = 0; x < width >> shift; ++x) {
                const double wave = 60 * std::sin((x + 3 * number) / 31.0) * std::cos((y + number) / 23.0);
                const int grain = (x * 7 + y * 13 + number * 29) % 11;
                frame.mutablePlane(i)[y * frame.stride(i) + x] = static_cast<std::uint8_t>(122 + static_cast<int>(wave) + grain);
            }
        }
    }
    return frame;
}

void BM_Fit(benchmark::State& state, int width, int height, int toWidth, int toHeight, Rotation rotation, bool mirror) {
    auto original = texture(width, height, 0);
    original.rotation = rotation;
    base::FitMemory memory;
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(base::fitted(original, {toWidth, toHeight}, VideoFit::fillCrop, mirror, memory).plane(0));
}
BENCHMARK_CAPTURE(BM_Fit, nothing_to_do_720p, 1280, 720, 1280, 720, Rotation::None, false);
BENCHMARK_CAPTURE(BM_Fit, mirror_720p, 1280, 720, 1280, 720, Rotation::None, true);
BENCHMARK_CAPTURE(BM_Fit, rotate_90_720p, 1280, 720, 720, 1280, Rotation::Cw90, false);
BENCHMARK_CAPTURE(BM_Fit, crop_and_scale_720p_to_360x640, 1280, 720, 360, 640, Rotation::None, false);
BENCHMARK_CAPTURE(BM_Fit, halve_720p, 1280, 720, 640, 360, Rotation::None, false);
BENCHMARK_CAPTURE(BM_Fit, scale_1080p_to_720p, 1920, 1080, 1280, 720, Rotation::None, false);
BENCHMARK_CAPTURE(BM_Fit, rotate_mirror_scale_720p_to_360x640, 1280, 720, 360, 640, Rotation::Cw90, true);

void BM_LocalMirror(benchmark::State& state) {
    const auto frame = texture(1280, 720, 0);
    base::FramePool pool;
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(base::mirrored(frame, pool).plane(0));
}
BENCHMARK(BM_LocalMirror);

void BM_Convert(benchmark::State& state, PixelFormat format) {
    constexpr int kWidth = 1280, kHeight = 720;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(kWidth) * kHeight * 4, 90);
    VideoFrameView view;
    view.format = format;
    view.width = kWidth;
    view.height = kHeight;
    const auto* luma = pixels.data();
    const auto* chroma = luma + std::ptrdiff_t{kWidth} * kHeight;
    switch (format) {
        case PixelFormat::I420:
            view.planes = {luma, chroma, chroma + kWidth * kHeight / 4};
            view.strides = {kWidth, kWidth / 2, kWidth / 2};
            break;
        case PixelFormat::NV12:
            view.planes = {luma, chroma, nullptr};
            view.strides = {kWidth, kWidth, 0};
            break;
        case PixelFormat::Rgba:
            view.planes = {luma, nullptr, nullptr};
            view.strides = {kWidth * 4, 0, 0};
            break;
    }
    auto frame = VideoFrame::allocate(kWidth, kHeight);
    for ([[maybe_unused]] auto _ : state) {
        base::convertView(view, frame);
        benchmark::ClobberMemory();
    }
}
BENCHMARK_CAPTURE(BM_Convert, i420_720p, PixelFormat::I420);
BENCHMARK_CAPTURE(BM_Convert, nv12_720p, PixelFormat::NV12);
BENCHMARK_CAPTURE(BM_Convert, rgba_720p, PixelFormat::Rgba);

void BM_X264(benchmark::State& state, int width, int height, int fps, int kbps, const char* preset) {
    std::vector<VideoFrame> frames;
    frames.reserve(30);
    for (int i = 0; i < 30; ++i) frames.push_back(texture(width, height, i));
    encode::VideoEncoderSettings settings;
    settings.width = width;
    settings.height = height;
    settings.fps = fps;
    settings.bitrate = kbps;
    settings.preset = preset;
    const auto encoder = encode::makeX264Encoder();
    Nowhere nowhere;
    if (auto opened = encoder->open(settings, nowhere); !opened) return state.SkipWithError(opened.error().message.c_str());
    std::size_t number = 0;
    for ([[maybe_unused]] auto _ : state) {
        auto& frame = frames[number % frames.size()];
        frame.pts = Timestamp(static_cast<std::int64_t>(number++) * 1'000'000 / fps);
        if (auto coded = encoder->encode(frame, false); !coded) return state.SkipWithError(coded.error().message.c_str());
    }
}
BENCHMARK_CAPTURE(BM_X264, veryfast_720p30_2500, 1280, 720, 30, 2500, "veryfast")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(BM_X264, veryfast_360x640_15_600, 360, 640, 15, 600, "veryfast")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(BM_X264, medium_360x640_15_600, 360, 640, 15, 600, "medium")->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_Aac(benchmark::State& state, int rate, int channels, int kbps) {
    std::vector<float> samples(1024UL * static_cast<std::size_t>(channels) * 16);
    std::uint32_t noise = 1;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        noise = noise * 1664525U + 1013904223U;
        samples[i] = 0.4F * std::sin(static_cast<float>(i) * 0.03F) + 0.1F * (static_cast<float>(noise >> 8) / 8388608.0F - 1.0F);
    }
    const auto encoder = encode::makeAacEncoder();
    Nowhere nowhere;
    if (auto opened = encoder->open({{rate, channels}, kbps}, nowhere); !opened)
        return state.SkipWithError(opened.error().message.c_str());
    std::size_t number = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto* block = samples.data() + number++ % 16 * 1024 * static_cast<std::size_t>(channels);
        if (auto coded = encoder->encode(block, Timestamp(static_cast<std::int64_t>(number) * 21'333)); !coded)
            return state.SkipWithError(coded.error().message.c_str());
    }
}
BENCHMARK_CAPTURE(BM_Aac, stereo_48k_128, 48000, 2, 128)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Aac, mono_16k_32, 16000, 1, 32)->Unit(benchmark::kMicrosecond);

void BM_Flv(benchmark::State& state) {
    Packet config, picture;
    config.track = picture.track = Packet::Track::Video;
    config.kind = Packet::Kind::Config;
    config.data = std::make_shared<const std::vector<std::uint8_t>>(40);
    config.description = std::make_shared<const Packet::Description>();
    picture.kind = Packet::Kind::Delta;
    picture.data = std::make_shared<const std::vector<std::uint8_t>>(10'000);
    rtmp::FlvPacketizer packetizer;
    std::size_t bytes = 0;
    const auto sink = [&](const rtmp::FlvTag& tag) -> Result<void> {
        bytes += tag.head().size() + tag.data.size();
        return {};
    };
    if (auto written = packetizer.write(config, sink); !written) return state.SkipWithError(written.error().message.c_str());
    for ([[maybe_unused]] auto _ : state) {
        picture.pts = picture.dts = picture.pts + Timestamp(33'333);
        if (auto written = packetizer.write(picture, sink); !written) return state.SkipWithError(written.error().message.c_str());
    }
    benchmark::DoNotOptimize(bytes);
}
BENCHMARK(BM_Flv);

void BM_Snapshot(benchmark::State& state, SnapshotQuality quality) {
    const auto frame = texture(1280, 720, 0);
    std::string directory = (std::filesystem::temp_directory_path() / "livepusher-bench-XXXXXX").string();
    if (!::mkdtemp(directory.data())) return state.SkipWithError("no temporary directory");
    for ([[maybe_unused]] auto _ : state) {
        if (auto written = capture::writePicture(frame, quality, directory + "/picture"); !written)
            state.SkipWithError(written.error().message.c_str());
    }
    std::filesystem::remove_all(directory);
}
BENCHMARK_CAPTURE(BM_Snapshot, png_720p, SnapshotQuality::raw)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Snapshot, jpeg_720p, SnapshotQuality::compressed)->Unit(benchmark::kMillisecond);

}  // namespace
