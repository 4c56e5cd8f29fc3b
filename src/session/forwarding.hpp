// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "net/url.hpp"

#include <string_view>

namespace livepusher::session {

/// How often a server may send us on before one takes the stream: they may send us round in circles.
inline constexpr int kMaxHops = 5;

/// Where the server `here` sends us, which refuses it; we have been sent on `hops` times already. `to`: an application,
/// as tcUrl has it, or a whole URL, which ends in our stream's name or goes one step deeper than our application. The key goes
/// along, so never from rtmps to rtmp. Pure. Error, permanent: ServerClosed, why not, with nothing of `to`.
Result<base::Url> forwarded(const base::Url& here, std::string_view to, int hops);

}  // namespace livepusher::session
