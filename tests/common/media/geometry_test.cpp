// SPDX-License-Identifier: MIT
#include "media/geometry.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace livepusher::base {

static std::ostream& operator<<(std::ostream& out, const Rect& r) {
    return out << r.width << 'x' << r.height << '+' << r.x << '+' << r.y;
}

namespace {

struct Case {
    int width, height;
    Rotation rotation;
    int aspectNum, aspectDen;
    PictureSize target;
    VideoFit fit;
    Rect from, to;
};

TEST(Geometry, PlacesEachFrameAsTheTableSays) {
    constexpr auto crop = VideoFit::fillCrop, contain = VideoFit::contain;
    const Case cases[] = {
        // nothing to do
        {640, 360, Rotation::None, 1, 1, {640, 360}, crop, {0, 0, 640, 360}, {0, 0, 640, 360}},
        {640, 360, Rotation::None, 1, 1, {640, 360}, contain, {0, 0, 640, 360}, {0, 0, 640, 360}},
        {360, 640, Rotation::Cw90, 1, 1, {640, 360}, crop, {0, 0, 360, 640}, {0, 0, 640, 360}},
        // sides fall away, or top and bottom
        {640, 360, Rotation::None, 1, 1, {360, 640}, crop, {218, 0, 202, 360}, {0, 0, 360, 640}},
        {640, 480, Rotation::None, 1, 1, {640, 360}, crop, {0, 60, 640, 360}, {0, 0, 640, 360}},
        {1280, 720, Rotation::None, 1, 1, {640, 480}, crop, {160, 0, 960, 720}, {0, 0, 640, 480}},
        // turned: the crop is given in the frame as it lies
        {640, 480, Rotation::Cw90, 1, 1, {360, 640}, crop, {0, 60, 640, 360}, {0, 0, 360, 640}},
        {640, 480, Rotation::Cw270, 1, 1, {640, 360}, crop, {184, 0, 270, 480}, {0, 0, 640, 360}},
        // bars
        {640, 480, Rotation::None, 1, 1, {1280, 720}, contain, {0, 0, 640, 480}, {160, 0, 960, 720}},
        {640, 360, Rotation::None, 1, 1, {360, 640}, contain, {0, 0, 640, 360}, {0, 218, 360, 202}},
        {640, 360, Rotation::Cw90, 1, 1, {640, 360}, contain, {0, 0, 640, 360}, {218, 0, 202, 360}},
        // pixels that are not square
        {720, 576, Rotation::None, 16, 15, {640, 480}, crop, {0, 0, 720, 576}, {0, 0, 640, 480}},
        {720, 576, Rotation::None, 64, 45, {640, 480}, crop, {90, 0, 540, 576}, {0, 0, 640, 480}},
        {720, 576, Rotation::Cw90, 16, 15, {480, 640}, crop, {0, 0, 720, 576}, {0, 0, 480, 640}},
        // an aspect that is right but for the pixel pair is not touched
        {1280, 720, Rotation::None, 1, 1, {854, 480}, crop, {0, 0, 1280, 720}, {0, 0, 854, 480}},
        {1280, 720, Rotation::None, 1, 1, {854, 480}, contain, {0, 0, 1280, 720}, {0, 0, 854, 480}},
        // an aspect of nonsense counts as square
        {640, 360, Rotation::None, 0, 0, {640, 360}, crop, {0, 0, 640, 360}, {0, 0, 640, 360}},
    };
    for (const auto& c : cases) {
        VideoFrame frame = VideoFrame::allocate(c.width, c.height);
        frame.rotation = c.rotation;
        frame.sampleAspectNum = c.aspectNum;
        frame.sampleAspectDen = c.aspectDen;
        const auto placed = place(frame, c.target, c.fit);
        EXPECT_EQ(placed.from, c.from) << c.width << 'x' << c.height << " turned " << static_cast<int>(c.rotation) << " to "
                                       << c.target.width << 'x' << c.target.height;
        EXPECT_EQ(placed.to, c.to) << c.width << 'x' << c.height << " turned " << static_cast<int>(c.rotation) << " to "
                                   << c.target.width << 'x' << c.target.height;
    }
}

TEST(Geometry, StaysEvenAndInsideForEverySize) {
    for (int width = 16; width <= 96; width += 2) {
        for (int height = 16; height <= 96; height += 10) {
            const auto frame = VideoFrame::allocate(width, height);
            for (const auto& target : {PictureSize{64, 64}, {64, 4096}, {4096, 64}, {362, 642}}) {
                for (const auto fit : {VideoFit::fillCrop, VideoFit::contain}) {
                    const auto placed = place(frame, target, fit);
                    const auto check = [](const Rect& r, int w, int h) {
                        return r.x >= 0 && r.y >= 0 && r.width >= 2 && r.height >= 2 && r.x + r.width <= w &&
                               r.y + r.height <= h && (r.x | r.y | r.width | r.height) % 2 == 0;
                    };
                    EXPECT_TRUE(check(placed.from, width, height)) << width << 'x' << height << ' ' << placed.from;
                    EXPECT_TRUE(check(placed.to, target.width, target.height)) << width << 'x' << height << ' ' << placed.to;
                }
            }
        }
    }
}

}  // namespace
}  // namespace livepusher::base
