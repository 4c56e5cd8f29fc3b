// SPDX-License-Identifier: MIT
// The picture effects that are written for vector units, one by one: milliseconds a frame, on one thread, on each unit that
// this processor has. The picture is all texture in skin's colours: the most there can be to do.
#include <benchmark/benchmark.h>
#include <hwy/highway.h>

#include "effects/effects.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace livepusher;

VideoFrame skin(int width, int height) {
    auto frame = VideoFrame::allocate(width, height);
    for (int i = 0; i < 3; ++i) {
        const int shift = i > 0, base = std::array{140, 110, 150}[static_cast<std::size_t>(i)];
        for (int y = 0; y < height >> shift; ++y)
            for (int x = 0; x < width >> shift; ++x)
                frame.mutablePlane(i)[y * frame.stride(i) + x] =
                    static_cast<std::uint8_t>(base + (x * 7 + y * 13 + x * y / 50) % (i > 0 ? 9 : 41));
    }
    return frame;
}

void run(benchmark::State& state, std::int64_t target, VideoFrame frame, const std::unique_ptr<effects::VideoEffect>& effect,
         const Properties& properties) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    const base::PictureSize size{frame.width(), frame.height()};
    for ([[maybe_unused]] auto _ : state) {
        effect->apply(frame, size, properties);
        benchmark::DoNotOptimize(frame.plane(0));
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

[[maybe_unused]] const bool kRegistered = [] {
    for (const auto& [width, height] :
         {std::array{360, 640}, std::array{720, 1280}, std::array{1280, 720}, std::array{1920, 1080}}) {
        for (const auto target : hwy::SupportedAndGeneratedTargets()) {
            const auto row = [&, w = width, h = height](const std::string& name, auto make, const Properties& properties) {
                const auto full =
                    "BM_Effect/" + name + "_" + std::to_string(w) + "x" + std::to_string(h) + "/" + hwy::TargetName(target);
                benchmark::RegisterBenchmark(full.c_str(), [=](benchmark::State& state) {
                    run(state, target, skin(w, h), make(), properties);
                })->Unit(benchmark::kMillisecond);
            };
            Properties properties;
            properties.beauty = 9;
            row(
                "smoothing", [] { return effects::makeSmoothing(); }, properties);
            properties.customEffect = true;
            properties.skinWhiteness = 0.5;
            row(
                "smoothing_and_skin_whiteness", [] { return effects::makeSmoothing(); }, properties);
            properties.whiteness = 5;
            properties.filter = Filter::romantic;
            row(
                "colours", [] { return effects::makeColourTable(); }, properties);
        }
        Properties properties;
        properties.watermark = "logo";
        const auto name = "BM_Effect/watermark_" + std::to_string(width) + "x" + std::to_string(height);
        benchmark::RegisterBenchmark(name.c_str(), [=, w = width, h = height](benchmark::State& state) {
            const auto load = [](const std::string&) -> Result<base::ArgbPicture> {
                base::ArgbPicture logo(200, 100);
                for (auto& byte : logo.bytes) byte = 128;
                return logo;
            };
            run(state, 0, skin(w, h), effects::makeWatermark(load), properties);
        })->Unit(benchmark::kMillisecond);
    }
    return true;
}();

}  // namespace
