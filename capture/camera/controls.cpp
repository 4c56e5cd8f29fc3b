// SPDX-License-Identifier: MIT
#include "capture/camera/controls.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace livepusher::capture {
namespace {

/// What a lens whose positions begin at nothing is taken to magnify: its driver doesn't say.
constexpr double kUnknownZoom = 4;

bool usable(const v4l2_queryctrl& control) { return !(control.flags & (V4L2_CTRL_FLAG_DISABLED | V4L2_CTRL_FLAG_READ_ONLY)); }

int set(const V4l2Node& camera, std::uint32_t id, int value) {
    v4l2_control control{id, value};
    return camera.ask(VIDIOC_S_CTRL, &control);
}

std::optional<int> get(const V4l2Node& camera, std::uint32_t id) {
    v4l2_control control{id, 0};
    if (camera.ask(VIDIOC_G_CTRL, &control) != 0) return std::nullopt;
    return control.value;
}

bool hasChoice(const V4l2Node& camera, std::uint32_t id, int choice) {
    v4l2_querymenu item{};
    item.id = id;
    item.index = static_cast<__u32>(choice);
    return camera.ask(VIDIOC_QUERYMENU, &item) == 0;
}

}  // namespace

CameraControls::CameraControls(const V4l2Node& camera)
    : autoFocus_(range(camera, V4L2_CID_FOCUS_AUTO)),
      focus_(range(camera, V4L2_CID_FOCUS_ABSOLUTE)),
      zoom_(range(camera, V4L2_CID_ZOOM_ABSOLUTE)),
      torch_(range(camera, V4L2_CID_FLASH_LED_MODE) && hasChoice(camera, V4L2_CID_FLASH_LED_MODE, V4L2_FLASH_LED_MODE_TORCH)) {}

std::optional<CameraControls::Range> CameraControls::range(const V4l2Node& camera, std::uint32_t id) {
    v4l2_queryctrl control{};
    control.id = id;
    if (camera.ask(VIDIOC_QUERYCTRL, &control) != 0 || !usable(control) || control.maximum <= control.minimum)
        return std::nullopt;
    return Range{control.minimum, control.maximum, std::max(control.step, 1)};
}

int CameraControls::Range::at(double part) const {
    const double steps = std::round(std::clamp(part, 0.0, 1.0) * (double(maximum) - minimum) / step);
    return static_cast<int>(std::min(minimum + steps * step, double(maximum)));
}

double CameraControls::maxZoom() const {
    if (!zoom_) return 1;
    return zoom_->minimum > 0 ? double(zoom_->maximum) / zoom_->minimum : kUnknownZoom;
}

int CameraControls::setAutoFocus(const V4l2Node& camera, bool on) const {
    return autoFocus_ ? set(camera, V4L2_CID_FOCUS_AUTO, on ? 1 : 0) : 0;
}

int CameraControls::setFocus(const V4l2Node& camera, double focus) const {
    // The greater the value the nearer, says V4L2.
    return focus_ ? set(camera, V4L2_CID_FOCUS_ABSOLUTE, focus_->at(focus)) : 0;
}

int CameraControls::setZoom(const V4l2Node& camera, double factor) const {
    // Focal lengths: twice the length is twice the size.
    return zoom_ ? set(camera, V4L2_CID_ZOOM_ABSOLUTE, zoom_->at((factor - 1) / (maxZoom() - 1))) : 0;
}

double CameraControls::zoom(const V4l2Node& camera) const {
    const auto value = zoom_ ? get(camera, V4L2_CID_ZOOM_ABSOLUTE) : std::nullopt;
    if (!value) return 1;
    return 1 + (double(*value) - zoom_->minimum) / (double(zoom_->maximum) - zoom_->minimum) * (maxZoom() - 1);
}

int CameraControls::setTorch(const V4l2Node& camera, bool on) const {
    if (!torch_) return 0;
    return set(camera, V4L2_CID_FLASH_LED_MODE, on ? V4L2_FLASH_LED_MODE_TORCH : V4L2_FLASH_LED_MODE_NONE);
}

std::vector<CameraControl> controlsOf(const V4l2Node& camera) {
    std::vector<CameraControl> controls;
    v4l2_queryctrl control{};
    control.id = V4L2_CTRL_FLAG_NEXT_CTRL;
    for (; camera.ask(VIDIOC_QUERYCTRL, &control) == 0; control.id |= V4L2_CTRL_FLAG_NEXT_CTRL) {
        const bool number = control.type == V4L2_CTRL_TYPE_INTEGER || control.type == V4L2_CTRL_TYPE_BOOLEAN ||
                            control.type == V4L2_CTRL_TYPE_MENU || control.type == V4L2_CTRL_TYPE_INTEGER_MENU ||
                            control.type == V4L2_CTRL_TYPE_BITMASK;
        if (!number || !usable(control) || (control.flags & V4L2_CTRL_FLAG_INACTIVE)) continue;
        const auto* name = reinterpret_cast<const char*>(control.name);
        controls.push_back({.name = {name, strnlen(name, sizeof control.name)},
                            .minimum = control.minimum,
                            .maximum = control.maximum,
                            .step = std::max(control.step, 1),
                            .byDefault = control.default_value,
                            .value = get(camera, control.id).value_or(control.default_value)});
    }
    return controls;
}

std::optional<DevicePosition> positionOf(const V4l2Node& camera) {
    const auto told = get(camera, V4L2_CID_CAMERA_ORIENTATION);
    if (told == V4L2_CAMERA_ORIENTATION_FRONT) return DevicePosition::front;
    if (told == V4L2_CAMERA_ORIENTATION_BACK) return DevicePosition::back;
    return std::nullopt;
}

}  // namespace livepusher::capture
