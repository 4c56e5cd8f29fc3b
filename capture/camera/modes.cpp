// SPDX-License-Identifier: MIT
#include "capture/camera/modes.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "capture/camera/pixel_formats.hpp"

namespace livepusher::capture {
namespace {

constexpr double kEnough = 0.95;  // 29.97 does for 30

FrameRate rateOf(v4l2_fract interval) { return {interval.denominator, interval.numerator}; }

void addRates(const V4l2Node& camera, CameraOffer& offer) {
    v4l2_frmivalenum interval{};
    interval.pixel_format = offer.format;
    interval.width = static_cast<__u32>(offer.size.width);
    interval.height = static_cast<__u32>(offer.size.height);
    for (; camera.ask(VIDIOC_ENUM_FRAMEINTERVALS, &interval) == 0; ++interval.index) {
        if (interval.type == V4L2_FRMIVAL_TYPE_DISCRETE) {
            if (interval.discrete.numerator > 0) offer.rates.push_back(rateOf(interval.discrete));
            continue;
        }
        // A step of intervals is finer than what anyone asks for; a minimum of 0 means that any rate does.
        if (interval.stepwise.max.numerator > 0) offer.slowest = rateOf(interval.stepwise.max);
        if (interval.stepwise.min.numerator > 0) offer.fastest = rateOf(interval.stepwise.min);
        break;
    }
}

int fit(int length, std::uint32_t low, std::uint32_t high, std::uint32_t step) {
    const auto least = static_cast<int>(low), most = static_cast<int>(high), by = std::max(static_cast<int>(step), 1);
    return std::clamp(least + (std::max(length, least) - least + by - 1) / by * by, least, most);
}

std::vector<base::PictureSize> sizes(const V4l2Node& camera, std::uint32_t format, std::optional<base::PictureSize> wish) {
    std::vector<base::PictureSize> found;
    v4l2_frmsizeenum size{};
    size.pixel_format = format;
    for (; camera.ask(VIDIOC_ENUM_FRAMESIZES, &size) == 0; ++size.index) {
        if (size.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
            found.push_back({static_cast<int>(size.discrete.width), static_cast<int>(size.discrete.height)});
            continue;
        }
        const auto& s = size.stepwise;
        if (wish) {
            found.push_back({fit(wish->width, s.min_width, s.max_width, s.step_width),
                             fit(wish->height, s.min_height, s.max_height, s.step_height)});
        } else {
            found.push_back({static_cast<int>(s.min_width), static_cast<int>(s.min_height)});
            found.push_back({static_cast<int>(s.max_width), static_cast<int>(s.max_height)});
        }
        break;
    }
    if (!found.empty()) return found;
    // A driver that can't list its sizes tells what it would make of the wish.
    v4l2_format tried{};
    tried.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    tried.fmt.pix.pixelformat = format;
    tried.fmt.pix.width = static_cast<__u32>(wish ? wish->width : 640);
    tried.fmt.pix.height = static_cast<__u32>(wish ? wish->height : 480);
    if (camera.ask(VIDIOC_TRY_FMT, &tried) == 0 && tried.fmt.pix.pixelformat == format)
        found.push_back({static_cast<int>(tried.fmt.pix.width), static_cast<int>(tried.fmt.pix.height)});
    return found;
}

}  // namespace

double CameraOffer::most() const {
    double best = fastest ? fastest->fps() : 0;
    for (const auto& rate : rates) best = std::max(best, rate.fps());
    return best;
}

FrameRate CameraOffer::nearest(double fps) const {
    const FrameRate asked{static_cast<std::uint32_t>(std::lround(fps)), 1};
    if (rates.empty()) {
        if (fastest && fastest->fps() < fps) return *fastest;
        if (slowest && slowest->fps() > fps) return *slowest;
        return asked;
    }
    const FrameRate* best = nullptr;
    for (const auto& rate : rates) {
        const bool enough = rate.fps() >= fps * kEnough, bestEnough = best && best->fps() >= fps * kEnough;
        if (!best || (enough ? !bestEnough || rate.fps() < best->fps() : !bestEnough && rate.fps() > best->fps())) best = &rate;
    }
    return *best;
}

std::string formatName(std::uint32_t format) {
    std::string name;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        const char letter = static_cast<char>(format >> shift & 0x7fU);
        name += letter >= ' ' && letter <= '~' ? letter : '?';
    }
    while (name.ends_with(' ')) name.pop_back();
    return name;
}

std::vector<std::uint32_t> cameraFormats(const V4l2Node& camera) {
    std::vector<std::uint32_t> has;
    v4l2_fmtdesc description{};
    description.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    for (; camera.ask(VIDIOC_ENUM_FMT, &description) == 0; ++description.index) has.push_back(description.pixelformat);
    return has;
}

std::vector<CameraOffer> cameraOffers(const V4l2Node& camera, std::optional<base::PictureSize> wish) {
    const auto has = cameraFormats(camera);
    std::vector<CameraOffer> offers;
    for (const auto& format : takenFormats()) {
        if (std::ranges::find(has, format.fourcc) == has.end()) continue;
        for (const auto size : sizes(camera, format.fourcc, wish)) {
            CameraOffer offer{.format = format.fourcc, .size = size};
            addRates(camera, offer);
            offers.push_back(std::move(offer));
        }
    }
    return offers;
}

base::PictureSize wideEnough(base::PictureSize wish) {
    if (wish.width < wish.height) wish.width = wish.height * 16 / 9;
    return wish;
}

std::optional<CameraOffer> chooseOffer(const std::vector<CameraOffer>& offers, base::PictureSize wish, double fps) {
    const CameraOffer* best = nullptr;
    std::tuple<bool, bool, bool, double, std::size_t> bestRank;  // the smaller the better
    for (std::size_t i = 0; i < offers.size(); ++i) {
        const auto& offer = offers[i];
        if (offer.size.width < 16 || offer.size.height < 16 || offer.size.width > 8192 || offer.size.height > 8192) continue;
        const bool slow = offer.most() > 0 && offer.most() < fps * kEnough;
        const bool small = offer.size.width < wish.width || offer.size.height < wish.height;
        const double area = double(offer.size.width) * offer.size.height / (double(wish.width) * wish.height);
        const bool grey = kindOf(offer.format) == PixelKind::Grey;
        const std::tuple rank{grey, slow, small, small ? 1 / area : area, i};  // i: they stand in the order of their formats
        if (best && !(rank < bestRank)) continue;
        best = &offer;
        bestRank = rank;
    }
    return best ? std::optional(*best) : std::nullopt;
}

}  // namespace livepusher::capture
