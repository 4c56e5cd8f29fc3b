// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>

#include "endpoint/publisher.hpp"
#include "pipeline/events.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/send_queue.hpp"
#include "pipeline/size_ladder.hpp"
#include "pipeline/slow_uplink.hpp"
#include "pipeline/steering.hpp"
#include "session/control_loop.hpp"

#include <optional>
#include <string>
#include <vector>

namespace livepusher::pipeline {

/// Lets bitrate, size and frame rate of a push follow its link: asks the rate controller ten times a second and
/// passes on what it says. Belongs to the control thread.
class Adaptation {
public:
    /// Of one target that bitrate and size follow.
    struct Reading {
        std::string targetId;
        rtmp::LinkStatistics link;
        SendQueue::Counts queue;
        std::uint64_t videoBytes = 0;  ///< encoded
    };
    /// The reading as the rate controller takes it.
    static RateController::Sample sample(const Reading& reading, RateController::Time now);

    /// Whose push it is.
    class Host {
    public:
        virtual std::vector<Reading> readings() const = 0;  ///< of those that publish; none: nothing does
        virtual void adapt(const Adapted& adapted) = 0;     ///< the lanes are to follow it
        virtual void skipPictures(bool on) = 0;             ///< before the encoder

    protected:
        ~Host() = default;
    };

    /// `events` gets Code::BitrateAdapted, ResolutionAdapted and UplinkSlow.
    Adaptation(session::ControlLoop& control, Events& events, Host& host) : control_(control), events_(events), host_(host) {}
    Adaptation(const Adaptation&) = delete;
    Adaptation& operator=(const Adaptation&) = delete;

    struct Tracks {
        bool video = true, audio = true;
    };
    /// A push with these tracks begins: at the highest bitrate and the full size.
    Adapted begin(const LaneSettings& settings, Tracks tracks);
    void published(const std::string& targetId);  ///< a connection stands, the first or another
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

    session::ControlLoop& control_;
    Events& events_;
    Host& host_;
    session::Lifetime push_;
    Steering steering_{{}};
    SizeLadder ladder_;
    SlowUplink slow_;
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
