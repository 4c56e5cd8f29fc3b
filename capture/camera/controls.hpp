// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/devices.hpp>
#include <livepusher/properties.hpp>

#include <cstdint>
#include <optional>
#include <vector>

#include "capture/camera/v4l2.hpp"

namespace livepusher::capture {

/// Focus, zoom and light of a camera that is open, as far as its driver has them.
class CameraControls {
public:
    explicit CameraControls(const V4l2Node& camera);

    bool hasAutoFocus() const { return autoFocus_.has_value(); }
    bool hasFocus() const { return focus_.has_value(); }
    bool hasZoom() const { return zoom_.has_value(); }
    bool hasTorch() const { return torch_; }
    double maxZoom() const;  ///< of the lens; 1: it has none that moves

    /// Each answers 0 or the driver's errno; without the control nothing happens.
    int setAutoFocus(const V4l2Node& camera, bool on) const;
    int setFocus(const V4l2Node& camera, double focus) const;  ///< 0 far .. 1 near
    int setZoom(const V4l2Node& camera, double factor) const;
    int setTorch(const V4l2Node& camera, bool on) const;

    double zoom(const V4l2Node& camera) const;  ///< in force

private:
    struct Range {
        int minimum = 0, maximum = 0, step = 1;
        int at(double part) const;  ///< 0 .. 1
    };
    static std::optional<Range> range(const V4l2Node& camera, std::uint32_t id);

    std::optional<Range> autoFocus_, focus_, zoom_;
    bool torch_ = false;
};

/// All controls that have a number for a value, for people.
std::vector<CameraControl> controlsOf(const V4l2Node& camera);

/// Which way it looks, where the driver tells.
std::optional<DevicePosition> positionOf(const V4l2Node& camera);

}  // namespace livepusher::capture
