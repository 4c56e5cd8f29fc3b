// SPDX-License-Identifier: MIT
#include "display/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace livepusher::display {

namespace {

int scaled(int length, int numerator, int denominator) {
    const auto exact = (static_cast<std::int64_t>(length) * numerator + denominator / 2) / denominator;
    return std::max(static_cast<int>(exact), 1);
}

/// Of one pixel.
double widthToHeight(const VideoFrame& frame) {
    constexpr double kMost = 16;  // more is no aspect but a mistake
    if (frame.sampleAspectNum <= 0 || frame.sampleAspectDen <= 0) return 1;
    return std::clamp(static_cast<double>(frame.sampleAspectNum) / frame.sampleAspectDen, 1 / kMost, kMost);
}

base::PictureSize turned(base::PictureSize size, bool turn) { return turn ? base::PictureSize{size.height, size.width} : size; }

/// The middle of the picture that has the view's aspect.
base::Rect filling(base::PictureSize view, const VideoFrame& frame, bool onItsSide) {
    const auto box = turned(view, onItsSide);
    const double pixel = widthToHeight(frame);
    const double scale = std::max(box.width / (frame.width() * pixel), static_cast<double>(box.height) / frame.height());
    const auto part = [](double length, int most) { return std::clamp(static_cast<int>(std::lround(length)), 1, most); };
    const base::PictureSize size{part(box.width / scale / pixel, frame.width()), part(box.height / scale, frame.height())};
    return {(frame.width() - size.width) / 2, (frame.height() - size.height) / 2, size.width, size.height};
}

}  // namespace

base::Rect fitInto(base::PictureSize picture, base::Rect box) {
    base::PictureSize fit{box.width, scaled(box.width, picture.height, picture.width)};
    if (fit.height > box.height) fit = {scaled(box.height, picture.width, picture.height), box.height};
    fit.width = std::clamp(fit.width, 1, std::max(box.width, 1));
    return {box.x + (box.width - fit.width) / 2, box.y + (box.height - fit.height) / 2, fit.width, fit.height};
}

base::Orientation seenBy(const VideoFrame& frame, Rotation layout, Rotation window) {
    return base::then(base::then(base::orientationOf(frame), {layout, false}), {window, false});
}

base::PictureSize seenSize(const VideoFrame& frame, base::Orientation orientation) {
    const auto width = static_cast<int>(std::lround(frame.width() * widthToHeight(frame)));
    return turned({std::max(width, 1), frame.height()}, orientation.onItsSide());
}

Drawn drawnIn(base::PictureSize view, const VideoFrame& frame, base::Orientation orientation, ObjectFit fit) {
    const base::Rect all{0, 0, view.width, view.height};
    if (fit == ObjectFit::fillCrop) return {filling(view, frame, orientation.onItsSide()), all};
    return {{0, 0, frame.width(), frame.height()}, fitInto(seenSize(frame, orientation), all)};
}

base::PictureSize normalSize(base::PictureSize wanted, base::PictureSize picture, base::PictureSize screen) {
    if (wanted.width > 0 && wanted.height > 0) return wanted;
    if (wanted.width > 0) return {wanted.width, scaled(wanted.width, picture.height, picture.width)};
    if (wanted.height > 0) return {scaled(wanted.height, picture.width, picture.height), wanted.height};
    const base::PictureSize most{screen.width * 2 / 3, screen.height * 2 / 3};
    if (picture.width <= most.width && picture.height <= most.height) return picture;
    const auto fit = fitInto(picture, {0, 0, most.width, most.height});
    return {fit.width, fit.height};
}

base::Rect floatingPlace(base::PictureSize picture, base::Rect screen) {
    const auto fit = fitInto(picture, {0, 0, std::max(screen.width / 4, 1), std::max(screen.height / 3, 1)});
    const int margin = screen.width / 80;
    return {screen.x + screen.width - fit.width - margin, screen.y + screen.height - fit.height - margin, fit.width, fit.height};
}

}  // namespace livepusher::display
