// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "net/url.hpp"
#include "playback/downlink.hpp"
#include "playback/jitter_buffer.hpp"
#include "session/control_loop.hpp"
#include "session/lifetime.hpp"
#include "session/reconnect_policy.hpp"
#include "session/redirects.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace livepusher::playback {

/// Hears what becomes of the connection to where the stream is played from, on control but for mediaCame().
class PlayLinkObserver {
public:
    virtual void linkCode(Code code, std::string message) = 0;  ///< to be told
    virtual void linkPlays() = 0;                               ///< a server plays: the first, or again
    virtual void linkLost() = 0;                                ///< another try follows
    virtual void linkGaveUp(const Error& why) = 0;              ///< nothing follows
    virtual void streamEnded() = 0;                             ///< what came is all; nothing follows
    virtual void publisherLeft() = 0;                           ///< and may come back: then media comes
    /// What counts has come, as it came; its times are the stream's. [receive]
    virtual void mediaCame(const Packet& packet) = 0;

protected:
    ~PlayLinkObserver() = default;
};

/// Keeps a stream coming into the buffer: a Downlink, and another after it when it is lost, or beside it when the server asks
/// for that. Belongs to the control thread.
class PlayLink {
public:
    struct Settings {
        base::Url url;              ///< where it is played from, unless `resolve` says
        Downlink::Resolve resolve;  ///< before each connection; empty: none
        rtmp::SubscriberSettings subscriber;
        base::ReconnectSpec reconnect;
    };
    PlayLink(Downlink::MakeSubscriber make, Settings settings, JitterBuffer& buffer, session::ControlLoop& control,
             PlayLinkObserver& observer);
    ~PlayLink();
    PlayLink(const PlayLink&) = delete;
    PlayLink& operator=(const PlayLink&) = delete;

    /// Says goodbye and closes.
    void end();
    rtmp::LinkStatistics statistics() const;  ///< bytesReceived: of all connections
    int reconnects() const { return reconnects_; }

private:
    class Reports;
    struct Connection {
        std::uint64_t id = 0;
        base::Url url;
        int hops = 0;
        std::unique_ptr<Reports> reports;    // outlives downlink
        std::unique_ptr<Downlink> downlink;  // null: none
        explicit operator bool() const { return downlink != nullptr; }
    };

    Connection connect(base::Url url, bool resolve);
    void begin(base::Url url, bool resolve);
    void reached(std::uint64_t id, const std::string& where);
    void playing(std::uint64_t id);
    void tookOver(std::uint64_t id);
    void firstKey(std::uint64_t id);
    void failed(std::uint64_t id, const Error& error);
    void unresolved(std::uint64_t id, const Error& error);
    void redirected(std::uint64_t id, const std::string& to, const Error& error);
    void asked(std::uint64_t id, const rtmp::ReconnectRequest& request);
    void ended(std::uint64_t id);
    void left(std::uint64_t id);
    void leftOut(std::uint64_t id, const std::string& name);
    void lost(const Error& error);
    void giveUp(Code code, const Error& error, const std::string& why);
    void close(Connection& connection);
    session::ReconnectPolicy::Duration playedFor() const;

    const Downlink::MakeSubscriber make_;
    const Settings settings_;
    session::ReconnectPolicy policy_;
    session::Redirects redirects_;
    JitterBuffer& buffer_;
    session::ControlLoop& control_;
    PlayLinkObserver& observer_;
    std::mt19937 random_{std::random_device{}()};
    session::Lifetime alive_;
    std::uint64_t lastId_ = 0;
    std::optional<session::ControlLoop::Clock::time_point> playsSince_;
    bool everPlayed_ = false, keyTold_ = false;
    int reconnects_ = 0;
    std::uint64_t bytesBefore_ = 0;

    Connection line_;  // brings the stream
    Connection next_;  // where the server asks us to go; takes over from line_
};

}  // namespace livepusher::playback
