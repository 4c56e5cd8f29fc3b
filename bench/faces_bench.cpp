// SPDX-License-Identifier: MIT
// Finding, following and changing a face that fills a third of the picture's width, on one thread.
#include <benchmark/benchmark.h>

#include "effects/faces/tracker.hpp"
#include "effects/faces/warp.hpp"

#include <cstdio>
#include <optional>
#include <string>

namespace {

using namespace livepusher;
using namespace livepusher::effects;
using namespace livepusher::effects::faces;

/// The portrait of Debian's python3-skimage as far as its head, at that size.
std::optional<VideoFrame> portrait(int width, int height) {
    const std::string crop = width > height ? "crop=300:168:90:40" : "crop=252:448:100:0";
    const std::string command = "ffmpeg -v error -nostdin -i /usr/lib/python3/dist-packages/skimage/data/astronaut.png -vf " +
                                crop + ",scale=" + std::to_string(width) + ":" + std::to_string(height) +
                                " -pix_fmt yuv420p -f rawvideo -";
    auto frame = VideoFrame::allocate(width, height);
    std::FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return std::nullopt;
    bool complete = true;
    for (int i = 0; i < 3; ++i) {
        const auto row = static_cast<std::size_t>(i == 0 ? width : width / 2);
        for (int y = 0; y < (i == 0 ? height : height / 2); ++y)
            complete = std::fread(frame.mutablePlane(i) + std::ptrdiff_t{y} * frame.stride(i), 1, row, pipe) == row && complete;
    }
    pclose(pipe);
    if (!complete) return std::nullopt;
    return frame;
}

/// What every row begins with: the models, a picture and the face in it.
struct Scene {
    std::optional<VideoFrame> frame;
    std::optional<Tracker> tracker;
    base::FramePool pool;
    SmallPicture small;
    FaceShape face;
    std::string missing;

    Scene(int width, int height) : frame(portrait(width, height)) {
        auto models = loadModels("");
        if (!frame) missing = "needs ffmpeg and python3-skimage's astronaut.png";
        if (!models) missing = models.error().message;
        if (!missing.empty()) return;
        tracker.emplace(std::move(*models));
        small = downsample(*frame, pool);
        if (!tracker->look(small, Tracker::Search::All) || tracker->faces().faces.empty()) {
            missing = "found no face";
            return;
        }
        face.points = tracker->faces().faces[0].points;
        face.width = distance(face.points[234], face.points[454]);
        face.opacity = 1;
    }
};

void BM_FaceDownsample(benchmark::State& state, int width, int height) {
    Scene scene(width, height);
    if (!scene.missing.empty()) return state.SkipWithError(scene.missing.c_str());
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(downsample(*scene.frame, scene.pool).factor);
}

void BM_FaceDetector(benchmark::State& state, int width, int height) {
    Scene scene(width, height);
    auto models = loadModels("");
    if (!scene.missing.empty() || !models) return state.SkipWithError(scene.missing.c_str());
    const Box whole{0, 0, static_cast<float>(scene.small.frame.width()), static_cast<float>(scene.small.frame.height())};
    for ([[maybe_unused]] auto _ : state)
        if (!models->detector.find(scene.small.frame, whole)) return state.SkipWithError("failed");
}

void BM_FaceMesh(benchmark::State& state, int width, int height) {
    Scene scene(width, height);
    auto models = loadModels("");
    if (!scene.missing.empty() || !models) return state.SkipWithError(scene.missing.c_str());
    FaceMesh mesh;
    for (std::size_t i = 0; i < mesh.points.size(); ++i)
        mesh.points[i] = {scene.face.points[i].x / static_cast<float>(scene.small.factor),
                          scene.face.points[i].y / static_cast<float>(scene.small.factor)};
    const auto region = mesh.region();
    for ([[maybe_unused]] auto _ : state)
        if (!models->landmarks.find(scene.small.frame, region)) return state.SkipWithError("failed");
}

/// A look as it is frame after frame: the mesh, and every sixth time the detector.
void BM_FaceTracking(benchmark::State& state, int width, int height) {
    Scene scene(width, height);
    if (!scene.missing.empty()) return state.SkipWithError(scene.missing.c_str());
    for ([[maybe_unused]] auto _ : state) {
        scene.small.frame.pts += Timestamp(33'333);
        if (!scene.tracker->look(scene.small)) return state.SkipWithError("failed");
    }
}

void BM_FaceWarp(benchmark::State& state, int width, int height) {
    Scene scene(width, height);
    if (!scene.missing.empty()) return state.SkipWithError(scene.missing.c_str());
    Warp warp;
    for ([[maybe_unused]] auto _ : state) warp.apply(*scene.frame, {&scene.face, 1}, {0.5F, 0.5F});
    state.counters["face_px"] = scene.face.width;
}

#define LIVEPUSHER_FACE_ROWS(stage)                                               \
    BENCHMARK_CAPTURE(stage, 360x640, 360, 640)->Unit(benchmark::kMillisecond);   \
    BENCHMARK_CAPTURE(stage, 720x1280, 720, 1280)->Unit(benchmark::kMillisecond); \
    BENCHMARK_CAPTURE(stage, 1280x720, 1280, 720)->Unit(benchmark::kMillisecond); \
    BENCHMARK_CAPTURE(stage, 1920x1080, 1920, 1080)->Unit(benchmark::kMillisecond)

LIVEPUSHER_FACE_ROWS(BM_FaceDownsample);
BENCHMARK_CAPTURE(BM_FaceDetector, 1280x720, 1280, 720)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_FaceMesh, 1280x720, 1280, 720)->Unit(benchmark::kMillisecond);
LIVEPUSHER_FACE_ROWS(BM_FaceTracking);
LIVEPUSHER_FACE_ROWS(BM_FaceWarp);

}  // namespace
