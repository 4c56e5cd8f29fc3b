// SPDX-License-Identifier: MIT
#include "photos.hpp"

#include "av/picture_file.hpp"
#include "media/planes.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace livepusher::effects::test {

namespace {

constexpr const char* kAstronaut = "/usr/lib/python3/dist-packages/skimage/data/astronaut.png";

template <std::size_t kCount>
void ellipse(FaceShape& face, const std::array<std::uint16_t, kCount>& indices, float x, float y, float width, float height) {
    for (std::size_t i = 0; i < kCount; ++i) {
        const double turn = 2 * 3.14159265 * static_cast<double>(i) / kCount;
        face.points[indices[i]] = {x + width / 2 * static_cast<float>(std::sin(turn)),
                                   y - height / 2 * static_cast<float>(std::cos(turn))};
    }
}

}  // namespace

VideoFrame astronaut() {
    const std::atomic<bool> never = false;
    auto picture = capture::loadPicture({kAstronaut, "", ""}, never);
    if (!picture) throw std::runtime_error(picture.error().message + " (apt-get install python3-skimage)");
    return *picture;
}

VideoFrame astronaut(const base::Rect& part, int width, int height, int noise, unsigned number) {
    const auto whole = astronaut();
    auto frame = VideoFrame::allocate(width, height);
    frame.bt709 = whole.bt709;
    base::scale(base::viewOf(whole, part), base::writableViewOf(frame));
    Chance chance(number + 1);
    for (int i = 0; i < 3 && noise > 0; ++i) {
        for (int y = 0; y < (i > 0 ? height / 2 : height); ++y) {
            auto* row = frame.mutablePlane(i) + std::ptrdiff_t{y} * frame.stride(i);
            const int most = i > 0 ? (noise + 1) / 2 : noise;
            for (int x = 0; x < (i > 0 ? width / 2 : width); ++x)
                row[x] = static_cast<std::uint8_t>(std::clamp(row[x] + (chance(-most, most) + chance(-most, most)) / 2, 16, 235));
        }
    }
    return frame;
}

FaceShape portraitFace() {
    FaceShape face;
    face.opacity = 1;
    face.width = 280;
    ellipse(face, kFaceOval, 628, 352, 270, 320);
    ellipse(face, kRightEye, 552, 258, 52, 22);
    ellipse(face, kLeftEye, 697, 266, 52, 22);
    ellipse(face, kLips, 620, 402, 130, 46);
    ellipse(face, kRightBrow, 550, 224, 84, 14);
    ellipse(face, kLeftBrow, 704, 232, 84, 14);
    return face;
}

VideoFrame random(int width, int height, unsigned seed, int least, int most) {
    auto frame = VideoFrame::allocate(width, height);
    Chance chance(seed);
    for (int i = 0; i < 3; ++i)
        for (int y = 0; y < (i > 0 ? height / 2 : height); ++y)
            for (int x = 0; x < (i > 0 ? width / 2 : width); ++x)
                frame.mutablePlane(i)[y * frame.stride(i) + x] = static_cast<std::uint8_t>(chance(least, most));
    return frame;
}

VideoFrame plain(int width, int height, int y, int u, int v) {
    auto frame = VideoFrame::allocate(width, height);
    const int values[3]{y, u, v};
    for (int i = 0; i < 3; ++i)
        std::memset(frame.mutablePlane(i), values[i],
                    static_cast<std::size_t>(frame.stride(i)) * static_cast<std::size_t>(i > 0 ? height / 2 : height));
    return frame;
}

VideoFrame copyOf(const VideoFrame& frame) {
    auto copied = VideoFrame::allocate(frame.width(), frame.height());
    copied.pts = frame.pts;
    copied.bt709 = frame.bt709;
    base::copy(base::viewOf(frame), base::writableViewOf(copied));
    return copied;
}

bool samePixels(const VideoFrame& a, const VideoFrame& b) {
    if (a.width() != b.width() || a.height() != b.height()) return false;
    for (int i = 0; i < 3; ++i)
        for (int y = 0; y < (i > 0 ? a.height() / 2 : a.height()); ++y)
            if (std::memcmp(a.plane(i) + std::ptrdiff_t{y} * a.stride(i), b.plane(i) + std::ptrdiff_t{y} * b.stride(i),
                            static_cast<std::size_t>(i > 0 ? a.width() / 2 : a.width())) != 0)
                return false;
    return true;
}

}  // namespace livepusher::effects::test
