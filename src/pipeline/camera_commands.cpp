// SPDX-License-Identifier: MIT
#include "pipeline/camera_commands.hpp"

#include "base/log.hpp"
#include "base/number_text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace livepusher::pipeline {

CameraCommands::CameraCommands(const Lanes& lanes, session::ControlLoop& control, LaneSettingsStore& settings)
    : lanes_(lanes), control_(control), settings_(settings) {}

Result<void> CameraCommands::ready() const {
    if (!lanes_.video()) return Error{Code::InvalidState, "no camera is open: this push has none"};
    if (!settings_.get()->wantsCamera())
        return Error{Code::InvalidState, "the camera is closed: paused, in the background, interrupted or enableCamera=false"};
    return {};
}

void CameraCommands::ask(What what, double zoom, ZoomReply reply) {
    if (auto there = ready(); !there) return reply(there.error());
    const auto number = ++asked_;
    open_.emplace(number, std::move(reply));
    lanes_.video()->request({what, zoom, control_.bind(alive_, [this, number](const Result<double>& outcome) {
                                 if (const auto waiting = open_.extract(number)) waiting.mapped()(outcome);
                             })});
}

void CameraCommands::switchCamera(session::Reply reply) {
    const auto follow = [this](DevicePosition position) {
        settings_.update([position](LaneSettings& s) {
            s.properties.devicePosition = position;
            s.camera = {};
        });
    };
    if (lanes_.videoKind() == capture::SourceKind::Camera && !settings_.get()->wantsCamera()) {  // opens when it is live again
        const bool front = settings_.get()->properties.devicePosition == DevicePosition::front;
        follow(front ? DevicePosition::back : DevicePosition::front);
        return reply({});
    }
    ask(What::Switch, 1, [follow, reply = std::move(reply)](const Result<double>& outcome) {
        if (!outcome) return reply(outcome.error());
        follow(*outcome == static_cast<double>(DevicePosition::back) ? DevicePosition::back : DevicePosition::front);
        reply({});
    });
}

void CameraCommands::toggleTorch(session::Reply reply) {
    ask(What::Torch, 1, [this, reply = std::move(reply)](const Result<double>& outcome) {
        if (!outcome) return reply(outcome.error());
        settings_.update([&](LaneSettings& s) { s.camera.torch = *outcome > 0; });
        reply({});
    });
}

void CameraCommands::setZoom(double zoom, session::Reply reply) {
    if (!std::isfinite(zoom) || zoom < 1)
        return reply(Error{Code::InvalidArgument, "zoom " + base::shortText(zoom) + ": must be 1 or more"});
    maxZoom([=, this, reply = std::move(reply)](const Result<double>& most) {
        if (!most) return reply(most.error());
        if (zoom > *most)
            return reply(Error{Code::InvalidArgument,
                               "zoom " + base::shortText(zoom) + ": must be 1.." + base::shortText(*most) + " with this camera"});
        ask(What::Zoom, zoom, [this, reply](const Result<double>& outcome) {
            if (!outcome) return reply(outcome.error());
            settings_.update([&](LaneSettings& s) { s.camera.zoom = *outcome; });
            reply({});
        });
    });
}

void CameraCommands::turn(int notches) {
    if (!settings_.get()->properties.zoom) return;
    maxZoom([this, notches](const Result<double>& most) {
        if (!most) return base::log(LogLevel::Debug, "mouse wheel: " + most.error().message);
        const double wanted = std::clamp(settings_.get()->camera.zoom * std::pow(1.1, notches), 1.0, *most);
        setZoom(wanted, [](const Result<void>& zoomed) {
            if (!zoomed) base::log(LogLevel::Debug, "mouse wheel: " + zoomed.error().message);
        });
    });
}

void CameraCommands::maxZoom(ZoomReply reply) { ask(What::MaxZoom, 1, std::move(reply)); }

void CameraCommands::end() {
    for (auto& [number, reply] : std::exchange(open_, {}))
        reply(Error{Code::Cancelled, "the camera was closed before it answered"});
}

}  // namespace livepusher::pipeline
