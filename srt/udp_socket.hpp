// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <optional>
#include <string>

#include "base/descriptor.hpp"
#include "net/resolve.hpp"

namespace livepusher::srt {

/// What libsrt sends a caller's datagrams by, made here: it goes out where the property networkInterface says, and hears at once
/// that nobody listens, which libsrt would take for silence. Who has one looks at refusal() again and again: libsrt does not
/// rest while there is one.
class UdpSocket {
public:
    UdpSocket() = default;  ///< none
    UdpSocket(UdpSocket&&) noexcept = default;
    UdpSocket& operator=(UdpSocket&&) noexcept = default;
    ~UdpSocket();

    /// `networkInterface`: name or address; empty: the system's choice. Errors: TcpFailed, permanent where this machine has no
    /// such interface.
    static Result<UdpSocket> make(const rtmp::SocketAddress& to, const std::string& networkInterface);

    int release() { return given_.release(); }  ///< for libsrt, which closes it

    /// errno of what the other side's machine, or a router, has answered; 0: nothing.
    int refusal() const;

private:
    base::Descriptor given_;
    base::Descriptor kept_;  // the same, for its errors
    int family_ = 0;
};

/// The address of this machine that a listener, or a rendezvous, uses: `networkInterface` where it is an address, else all of
/// `family`. Errors: as above.
Result<rtmp::SocketAddress> localAddress(int family, int port, const std::string& networkInterface);

/// Whether it is the name of an interface of this machine.
bool isInterface(const std::string& name);

}  // namespace livepusher::srt
