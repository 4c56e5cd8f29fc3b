// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

namespace livepusher::srt {

/// What a refused connection is refused for: a reason of srt_getrejectreason(), libsrt's own or one of SRT's access control.
/// `where` is told: "host:port". `encrypted`: this side has a passphrase. Permanent is what the same URL will be refused for
/// again. Errors: TcpFailed, nobody answered; HandshakeFailed, the two can't agree; ServerClosed, the other side doesn't want the
/// stream.
Error refusal(int reason, const std::string& where, bool encrypted);

}  // namespace livepusher::srt
