// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>

#include "endpoint/publisher.hpp"
#include "pipeline/control_loop.hpp"
#include "pipeline/cpu_wait.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/rate_controller.hpp"
#include "pipeline/send_queue.hpp"
#include "pipeline/size_ladder.hpp"
#include "pipeline/slow_uplink.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace livepusher::pipeline {

/// Lets bitrate, size and frame rate of a push follow its link: asks the rate controller ten times a second and
/// passes on what it says, with 1005, 1006 and 1101. Belongs to the control thread.
class Adaptation {
public:
    struct Reading {
        bool publishing = false;
        rtmp::LinkStatistics link;
        SendQueue::Counts queue;
        std::uint64_t videoBytes = 0;  ///< encoded
    };
    /// The reading as the rate controller takes it.
    static RateController::Sample sample(const Reading& reading, RateController::Time now);

    struct Output {
        std::function<Reading()> read;
        std::function<void(const Adapted&)> apply;
        std::function<void(bool)> skip;  ///< whether pictures are to be left out before the encoder
        std::function<void(Code, std::string)> onCode;
    };

    Adaptation(ControlLoop& control, Output output) : control_(control), output_(std::move(output)) {}
    Adaptation(const Adaptation&) = delete;
    Adaptation& operator=(const Adaptation&) = delete;

    struct Tracks {
        bool video = true, audio = true;
    };
    /// A push with these tracks begins: at the highest bitrate and the full size.
    Adapted begin(const LaneSettings& settings, Tracks tracks);
    void published();  ///< a connection stands, the first or another
    void end();
    /// Other properties: what holds under them.
    Adapted follow(const LaneSettings& settings);

    RateController::Duration delay() const { return decision_.delay; }
    bool skipping() const { return decision_.skip; }

private:
    void configure(const LaneSettings& settings);
    Adapted adapted() const;
    void tick();
    void schedule();
    void tellBitrate(RateController::Time now);
    bool settles(RateController::Time now);

    ControlLoop& control_;
    const Output output_;
    Lifetime push_;
    RateController controller_{{}};
    SizeLadder ladder_;
    SlowUplink slow_;
    CpuWait cpuWait_;
    RateController::Limits limits_;
    RateController::Decision decision_;
    Tracks tracks_;
    bool adaptsSize_ = false;
    bool running_ = false;
    int fps_ = 0;
    int told_ = 0;  // kbps
    std::optional<RateController::Time> toldAt_;
    std::optional<RateController::Time> tickedAt_;
    RateController::Time settledAt_{};
};

}  // namespace livepusher::pipeline
