// SPDX-License-Identifier: MIT
#include "effects/faces/models.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace livepusher::effects::faces {

namespace {

constexpr int kSide = 128;
constexpr std::size_t kAnchors = 896, kValues = 16;
constexpr float kLeastScore = 0.5F, kSame = 0.3F;

/// Where each of the network's answers counts from, 0..1 of the square: two at each place of a 16x16 grid, six at each of 8x8.
std::array<Point, kAnchors> makeAnchors() {
    std::array<Point, kAnchors> anchors{};
    std::size_t i = 0;
    for (const auto& [grid, each] : {std::pair{16, 2}, std::pair{8, 6}})
        for (int y = 0; y < grid; ++y)
            for (int x = 0; x < grid; ++x)
                for (int k = 0; k < each; ++k)
                    anchors[i++] = {(static_cast<float>(x) + 0.5F) / static_cast<float>(grid),
                                    (static_cast<float>(y) + 0.5F) / static_cast<float>(grid)};
    return anchors;
}

}  // namespace

Result<Detector> Detector::create(Network network) {
    const auto shape = network.inputShape();
    if (shape[1] != kSide || shape[2] != kSide || shape[3] != 3 || network.outputs() != 2 ||
        network.output(0).size() != kAnchors * kValues || network.output(1).size() != kAnchors)
        return Error{Code::InvalidArgument, "it is not a short-range face detector (128x128 to 896 anchors)"};
    return Detector(std::move(network));
}

Result<std::vector<Detection>> Detector::find(const VideoFrame& picture, const Box& part) {
    static const auto anchors = makeAnchors();
    const float perPixel = sampler_.letterbox(picture, part, kSide, {-1, 1}, network_.input());
    if (auto run = network_.run(); !run) return run.error();
    const auto raw = network_.output(0), scores = network_.output(1);
    const float half = static_cast<float>(kSide) / 2;
    const Point centre = part.centre();
    std::vector<Detection> found;
    for (std::size_t i = 0; i < kAnchors; ++i) {
        const float score = 1 / (1 + std::exp(-scores[i]));
        if (!(score >= kLeastScore)) continue;
        const auto* values = raw.data() + i * kValues;
        const auto place = [&](std::size_t at) {
            return Point{centre.x + (values[at] + anchors[i].x * kSide - half) * perPixel,
                         centre.y + (values[at + 1] + anchors[i].y * kSide - half) * perPixel};
        };
        const Point middle = place(0);
        const float width = values[2] * perPixel / 2, height = values[3] * perPixel / 2;
        if (!(width > 0 && height > 0)) continue;
        found.push_back({{middle.x - width, middle.y - height, middle.x + width, middle.y + height}, place(4), place(6), score});
    }
    std::sort(found.begin(), found.end(), [](const Detection& a, const Detection& b) { return a.score > b.score; });
    std::vector<Detection> kept;
    for (const auto& one : found)
        if (std::none_of(kept.begin(), kept.end(), [&](const Detection& other) { return overlap(one.box, other.box) > kSame; }))
            kept.push_back(one);
    return kept;
}

}  // namespace livepusher::effects::faces
