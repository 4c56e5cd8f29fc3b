// SPDX-License-Identifier: MIT
#pragma once

#include "json.hpp"

#include <livepusher/livepusher.hpp>

#include <string_view>

namespace program {

/// The objects of `--json` and of the control socket, each with `event` first and `time`, in ms since 1970, last.
Json stateChangeJson(const livepusher::StateChangeEvent& event);
Json netStatusJson(const livepusher::NetStatusEvent& event);
Json errorJson(const livepusher::ErrorEvent& event);
Json bgmProgressJson(const livepusher::BgmProgressEvent& event);
Json audioVolumeJson(int level);
Json plainEventJson(std::string_view event);  ///< one without payload: bgmstart
Json resultJson(std::string_view method, int errCode, std::string_view errMsg);
Json resultJson(std::string_view method, const livepusher::SnapshotResult& result);

/// The `info` of a netstatus event.
Json toJson(const livepusher::NetStatus& status);

}  // namespace program
