// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/events.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/stages.hpp"
#include "pipeline/uplink.hpp"
#include "session/control_loop.hpp"
#include "session/reconnect_policy.hpp"
#include "session/redirects.hpp"

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace livepusher::pipeline {

/// Hears how a target is published to.
class PublishingObserver {
public:
    virtual void published() = 0;                 ///< again after each reconnect
    virtual void interrupted() = 0;               ///< it is tried again
    virtual void gaveUp(const Error& cause) = 0;  ///< at most once; not to be answered by its end at once
    /// A server doesn't take what the pictures, the sound or both are coded as. True: from now on they come as H.264 and AAC.
    virtual bool fallBack(bool /*pictures*/, bool /*sound*/) { return false; }

protected:
    ~PublishingObserver() = default;
};

/// Keeps one target connected: an Uplink, and another after it when it is lost, as the policy says, or beside it when
/// the server asks for that. Tells the application what happens, from Code::Connected to ConnectionGivenUp. Belongs to the
/// control thread.
class Link {
public:
    using MakePublisher = decltype(Stages::publisher);

    struct Settings {
        std::vector<base::Url> urls;  ///< one at least: the next is tried when one is lost or refuses
        bool preferFirst = false;     ///< back to the first of them as soon as that takes the stream
        rtmp::PublisherSettings publisher{};
    };
    Link(MakePublisher makePublisher, Settings settings, base::ReconnectSpec reconnect, SendQueue& queue,
         session::ControlLoop& control, TargetEvents events, KeyFrameSource& pictures, PublishingObserver& observer);

    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// After SendQueue::finish(): ends in order, in `atMost` or a little more.
    void drain(std::chrono::milliseconds atMost);

    rtmp::LinkStatistics statistics() const;  ///< totals of all connections so far
    int reconnects() const { return reconnects_; }
    bool publishing() const { return publishedAt_.has_value(); }

private:
    class Reports;
    struct Connection {
        std::uint64_t id = 0;
        base::Url url;
        std::unique_ptr<Reports> reports{};
        std::unique_ptr<Uplink> uplink{};
        int hops = 0;             ///< how often servers have sent us on to come here
        std::string sentBy = {};  ///< the last of them, for people
        explicit operator bool() const { return uplink != nullptr; }
    };

    Connection connect(base::Url url);
    // What the uplinks report, on control:
    void reached(std::uint64_t id);
    void connected(std::uint64_t id);
    void failed(std::uint64_t id, const Error& error);
    void redirected(std::uint64_t id, const std::string& to, const Error& error);
    void asked(std::uint64_t id, rtmp::ReconnectRequest request);
    void leftOut(std::uint64_t id, const std::string& words);
    void replaced(std::uint64_t id);

    void published();
    void lost(const Error& error);
    bool fallBack(const Error& error);
    bool failOver(const Error& error);
    Error forPolicy(const Error& error);
    void reconnect(base::Url url);
    void lookForFirst(std::chrono::milliseconds after);
    void tryAgain(const session::ReconnectPolicy::Attempt& attempt);
    void follow(const rtmp::ReconnectRequest& request);
    void stay(const std::string& why);
    void end(Connection& connection);
    session::ReconnectPolicy::Duration publishedFor() const;

    const MakePublisher makePublisher_;
    const std::vector<base::Url> urls_;
    const bool preferFirst_;
    rtmp::PublisherSettings settings_;
    session::ReconnectPolicy policy_;
    session::Redirects redirects_;
    SendQueue& queue_;
    session::ControlLoop& control_;
    TargetEvents events_;
    KeyFrameSource& pictures_;
    PublishingObserver& observer_;
    std::mt19937 random_{std::random_device{}()};
    session::Lifetime alive_;  // while reports and timers count
    session::Lifetime away_;   // while the stream is not with the first url
    std::uint64_t lastId_ = 0;
    std::optional<session::ControlLoop::Clock::time_point> publishedAt_;
    std::optional<rtmp::ReconnectRequest> request_;  // of next_, which does not carry the stream yet
    base::Url lastServer_;                           // that has taken the stream
    std::size_t at_ = 0;                             // the url that carries the stream, or is tried
    std::size_t failures_ = 0;                       // of urls, since one has taken the stream
    std::optional<Error> passing_;                   // the last of these that was no refusal for good
    bool returning_ = false;                         // next_ is the first url, which is preferred
    bool everPublished_ = false;
    bool carried_ = false;  // for long: who takes it has no quarrel with its codecs
    int reconnects_ = 0;
    std::uint64_t bytesBefore_ = 0;  // sent by the connections that are over

    Connection leaving_;  // has handed the stream over and says goodbye
    Connection line_;     // carries the stream, or is to
    Connection next_;     // where the server asks us to go; takes over from line_
};

}  // namespace livepusher::pipeline
