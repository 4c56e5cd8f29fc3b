// SPDX-License-Identifier: MIT
#include "display/geometry.hpp"

#include <algorithm>
#include <cstdint>

namespace livepusher::display {

namespace {

int scaled(int length, int numerator, int denominator) {
    const auto exact = (static_cast<std::int64_t>(length) * numerator + denominator / 2) / denominator;
    return std::max(static_cast<int>(exact), 1);
}

}  // namespace

base::Rect fitInto(base::PictureSize picture, base::Rect box) {
    base::PictureSize fit{box.width, scaled(box.width, picture.height, picture.width)};
    if (fit.height > box.height) fit = {scaled(box.height, picture.width, picture.height), box.height};
    fit.width = std::clamp(fit.width, 1, std::max(box.width, 1));
    return {box.x + (box.width - fit.width) / 2, box.y + (box.height - fit.height) / 2, fit.width, fit.height};
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
