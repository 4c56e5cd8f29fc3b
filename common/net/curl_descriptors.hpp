// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace livepusher::base {

// libcurl 7.88 opens its descriptors without FD_CLOEXEC: a program that the application starts would inherit them, and keep
// a connection alive that we have closed, and a stream's name occupied at its server with it.

/// A socket that no other program inherits; -1 and errno. [any-thread]
int openSocket(int family, int type, int protocol);

/// Ends the TCP connection whoever else has a copy of it, by a fork() for example: resets it. [any-thread]
void disconnect(int socket);

/// A descriptor's number, and what it is of, as "socket:[1234]": the number alone may be another's a moment later.
struct OpenDescriptor {
    int number;
    std::string what;
    auto operator<=>(const OpenDescriptor&) const = default;
};

/// The ends of the socket pair by which a library wakes up one of its threads: it has made them since this was, and can be
/// made to show which they are. Other descriptors that come and go meanwhile are left alone. Belongs to one thread.
class WakeUpPair {
public:
    WakeUpPair();
    /// `wakeUp` lets the library send itself a byte; both ends get FD_CLOEXEC. False: they were not found.
    template <typename WakeUp>
    bool close(WakeUp wakeUp) {
        const auto before = quiet();
        wakeUp();
        return closeThoseThatHaveSpoken(before);
    }

private:
    /// New ones without FD_CLOEXEC that hold no byte, on either way.
    std::vector<int> quiet() const;
    static bool closeThoseThatHaveSpoken(const std::vector<int>& before);

    std::vector<OpenDescriptor> known_;
};

}  // namespace livepusher::base
