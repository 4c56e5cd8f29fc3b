// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/lane_settings_store.hpp"
#include "pipeline/lanes.hpp"
#include "session/control_loop.hpp"
#include "session/reply.hpp"

#include <cstdint>
#include <map>

namespace livepusher::pipeline {

/// The methods that ask something of the camera: it answers when it has done it, on a thread of its own. Belongs to the
/// control thread.
class CameraCommands {
public:
    using ZoomReply = session::ReplyWith<double>;

    CameraCommands(const Lanes& lanes, session::ControlLoop& control, LaneSettingsStore& settings);
    ~CameraCommands() { end(); }
    CameraCommands(const CameraCommands&) = delete;
    CameraCommands& operator=(const CameraCommands&) = delete;

    void switchCamera(session::Reply reply);
    void toggleTorch(session::Reply reply);
    void setZoom(double zoom, session::Reply reply);
    void maxZoom(ZoomReply reply);
    /// The user turned the wheel over the preview: with the property `zoom`, a tenth closer or farther for each notch.
    void turn(int notches);
    /// The camera is closed: what it has not answered is cancelled.
    void end();

private:
    using What = capture::CameraRequest::What;

    Result<void> ready() const;
    void ask(What what, double zoom, ZoomReply reply);

    const Lanes& lanes_;
    session::ControlLoop& control_;
    LaneSettingsStore& settings_;
    std::map<std::uint64_t, ZoomReply> open_;
    std::uint64_t asked_ = 0;
    session::Lifetime alive_;  // a camera may answer when nobody is there any more
};

}  // namespace livepusher::pipeline
