// SPDX-License-Identifier: MIT
#pragma once

#include "net/network_options.hpp"

namespace livepusher::properties {

/// What the properties, a pusher's or a player's, say of every connection.
template <typename P>
base::NetworkOptions networkOf(const P& p) {
    return {p.caFile, p.proxy, p.networkInterface};
}

}  // namespace livepusher::properties
