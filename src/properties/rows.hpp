// SPDX-License-Identifier: MIT
#pragma once

#include "base/place.hpp"
#include "net/proxy_url.hpp"
#include "net/reconnect_spec.hpp"
#include "properties/fields.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace livepusher::properties {

/// What a table of properties is written with, and the rows that a pusher and a player share.
template <typename Struct>
struct RowsOf {
    using P = Struct;
    using enum PropertyGroup;
    static constexpr auto kLive = Applies::Live;
    static constexpr auto kSession = Applies::Session;

    static Row<P> own(Row<P> row) {  // not in the documents
        row.extension = true;
        return row;
    }
    static Row<P> forEffects(Row<P> row) {
        row.effects = true;
        return row;
    }
    static Row<P> secret(Row<P> row) {
        row.secret = true;
        return row;
    }
    static Row<P> also(const std::vector<std::string_view>& aliases, Row<P> row) {
        row.aliases = aliases;
        return row;
    }
    static Row<P> unset(std::string_view whenUnset, Row<P> row) {
        row.whenUnset = whenUnset;
        return row;
    }

    static bool isPath(const std::string& s) { return base::localPath(s).has_value(); }

    static Row<P> pictureInPictureMode() {
        return {"pictureInPictureMode", Picture, enumerationList(&P::pictureInPictureMode, {"push", "pop"}), kLive,
                "which of the host's navigations, told by hostNavigated(), enter picture-in-picture"};
    }
    static Row<P> netStatusInterval() {
        return own({"netStatusInterval", Stream, number(&P::netStatusInterval, 0.5, 10.0), kLive,
                    "seconds between two netstatus events"});
    }
    static Row<P> audioVolumeInterval() {
        return own({"audioVolumeInterval", Sound, number(&P::audioVolumeInterval, 100, 10000), kLive,
                    "ms between two audiovolumenotify events"});
    }
    static Row<P> reconnect() {
        const auto isReconnect = [](const std::string& s) { return base::ReconnectSpec::parse(s).has_value(); };
        return own({"reconnect", Network,
                    text(&P::reconnect, "default, vendor (3x3), off, or COUNTxSECONDS such as 5x2", isReconnect), kSession,
                    "how a lost connection is tried again"});
    }
    static Row<P> proxy() {
        const auto isProxy = [](const std::string& s) { return s.empty() || base::ProxyUrl::parse(s); };
        return own(
            secret({"proxy", Network, text(&P::proxy, "socks5://, socks5h:// or http://[user:password@]host:port", isProxy),
                    kSession, "the proxy to connect through; empty: none"}));
    }
    static Row<P> networkInterface() {
        return own({"networkInterface", Network, text(&P::networkInterface, "an interface's name or address"), kSession,
                    "the interface to connect from; empty: the system's choice"});
    }
    static Row<P> caFile() {
        return own({"caFile", Network, text(&P::caFile, "a file's path", isPath), kSession,
                    "PEM file of the CAs to trust for rtmps and https; empty: the system's"});
    }
    static Row<P> snapshotDirectory() {
        return own({"snapshotDirectory", Stream, text(&P::snapshotDirectory, "a directory's path", isPath), kLive,
                    "where snapshot() writes; empty: the system's temporary directory"});
    }
};

}  // namespace livepusher::properties
