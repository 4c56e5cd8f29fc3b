// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "net/network_options.hpp"

namespace livepusher::properties {

/// What the properties say of every connection.
inline base::NetworkOptions networkOf(const Properties& p) { return {p.caFile, p.proxy, p.networkInterface}; }

}  // namespace livepusher::properties
