// SPDX-License-Identifier: MIT
#pragma once

#include "flv/amf.hpp"
#include "flv/amf_writer.hpp"
#include "link_rig.hpp"
#include "loopback_server.hpp"
#include "publisher_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <string>
#include <vector>

/// What tests of reconnecting share: where, how soon, what a server sees, and how it sends one elsewhere.
namespace livepusher::testing {

using namespace rtmp::test;

inline std::string address(int port) { return "rtmp://127.0.0.1:" + std::to_string(port) + "/live"; }
inline std::string target(int port) { return address(port) + "/s3cr3t-key"; }

inline const base::ReconnectSpec kSoon{{30ms, 30ms, 30ms}, false};

inline rtmp::PublisherSettings enhanced() {
    rtmp::PublisherSettings settings;
    settings.enhancedRtmp = EnhancedRtmp::require;
    return settings;
}

/// What one connection brought, as a server sees it.
struct Received {
    struct Item {
        char what;  ///< m(etadata), V and A (headers), k(ey), d(elta), a(udio)
        std::uint32_t timestamp, number;
    };
    std::vector<Item> items;
    std::vector<std::string> commands;
    bool byReset = false;

    std::string first(std::size_t count) const {
        std::string out;
        for (std::size_t i = 0; i < std::min(count, items.size()); ++i) out += items[i].what;
        return out;
    }
    std::vector<Item> of(const char* kinds) const {
        std::vector<Item> out;
        std::ranges::copy_if(items, std::back_inserter(out),
                             [&](const Item& i) { return std::string(kinds).find(i.what) != std::string::npos; });
        return out;
    }
    void take(const Peer::Message& message) {
        if (!message.command.empty()) commands.push_back(message.command);
        if (message.type != 8 && message.type != 9 && message.type != 18) return;
        const std::size_t head = message.type == 9 ? 5 : 2;
        const bool header = message.type != 18 && message.body.at(1) == 0;
        std::uint32_t number = 0;
        if (!header && message.body.size() >= head + 4)
            for (std::size_t i = 0; i < 4; ++i) number = number << 8 | message.body[head + i];
        const char picture = header ? 'V' : message.body.at(0) >> 4 == 1 ? 'k' : 'd';
        const char what = message.type == 18 ? 'm' : message.type == 9 ? picture : header ? 'A' : 'a';
        items.push_back({what, message.timestamp, number});
    }
    void take(Peer& peer, std::size_t media) {
        for (const auto until = items.size() + media; items.size() < until;) take(peer.next());
    }
    void takeAll(Peer& peer) {
        try {
            for (;;) take(peer.next());
        } catch (const Peer::Closed& closed) {
            byReset = closed.byReset;
        }
    }
};

inline void askToReconnect(Peer& peer, const std::string& tcUrl) {
    rtmp::AmfWriter out;
    out.string("onStatus").number(0).null().beginObject().member("level", "status");
    out.member("code", "NetConnection.Connect.ReconnectRequest").member("description", "moving house");
    if (!tcUrl.empty()) out.member("tcUrl", tcUrl);
    peer.send(message(3, 20, out.endObject().bytes()));
}

inline void sendOn(Peer& peer, const std::string& to) {
    rtmp::AmfWriter out;
    out.string("onStatus")
        .number(0)
        .null()
        .beginObject()
        .member("level", "error")
        .member("code", "NetConnection.Connect.Rejected");
    out.key("ex").beginObject().member("code", 302).member("redirect", to).endObject();
    peer.send(message(3, 20, out.endObject().bytes()));
}

inline std::vector<std::string> codes(const LinkRig& rig) {
    auto all = rig.journal.all();
    std::erase_if(all, [](const std::string& e) { return e.size() > 5 || (std::isdigit(e[0]) == 0 && e[0] != '-'); });
    return all;
}

/// Waits for a line of the log.
class Log {
public:
    Log() {
        setLogLevel(LogLevel::Debug);
        setLogHandler([this](LogLevel, std::string_view line) {
            EXPECT_EQ(line.find("s3cr3t"), std::string::npos) << line;
            std::lock_guard lock(mutex_);
            lines_ += line;
            lines_ += '\n';
            changed_.notify_all();
        });
    }
    ~Log() {
        setLogHandler({});
        setLogLevel(LogLevel::Warning);
    }
    bool await(const std::string& part) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 10s, [&] { return lines_.find(part) != std::string::npos; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string lines_;
};

}  // namespace livepusher::testing
