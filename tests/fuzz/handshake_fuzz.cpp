// SPDX-License-Identifier: MIT
// What a hostile server can answer to the RTMP handshake: all of S0, S1 and S2, which librtmp reads.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "rtmp/librtmp_session.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using livepusher::rtmp::LibrtmpSession;
    static constexpr std::array<std::uint8_t, 16> kCommand{};
    const std::size_t given = std::min(size, LibrtmpSession::kHandshakeBytes);  // no more is ever passed on to it
    std::array<int, 2> ends{};
    require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    require(send(ends[1], data, given, MSG_NOSIGNAL) == static_cast<ssize_t>(given));
    shutdown(ends[1], SHUT_WR);
    {
        LibrtmpSession session(ends[0]);
        const bool done = session.handshake(kCommand);
        require(!done || given == LibrtmpSession::kHandshakeBytes);
    }
    std::size_t sent = 0;
    std::array<std::uint8_t, 8192> said{};
    for (ssize_t got = 0; (got = recv(ends[1], said.data(), said.size(), MSG_DONTWAIT)) > 0;)
        sent += static_cast<std::size_t>(got);
    close(ends[1]);
    require(sent <= LibrtmpSession::kHandshakeBytes + 12 + kCommand.size());
    return 0;
}
