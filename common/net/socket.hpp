// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "net/link_statistics.hpp"

namespace livepusher::rtmp {

/// Latency before throughput, and a dead line noticed within 15 s. The congestion control stays the system's.
void tuneSocket(int socket);

/// The next acknowledgement goes out without delay. Wears off.
void acknowledgeAtOnce(int socket);

/// Closing it sends RST: what a server makes of a broken line, not of an orderly end.
void resetOnClose(int socket);

/// What TCP knows of the other side: Ended means that it sends no more, Gone that the connection is broken.
enum class PeerState { Open, Ended, Gone };
PeerState peerState(int socket);

/// Why a connection is Gone: errno, told once; 0: not known.
int takeError(int socket);

/// Smoothed round trip time, ms; 0: not known.
int roundTrip(int socket);

/// Fills in what the kernel knows: bytesUnsent, bytesInFlight, rtt, minRtt.
void addSocketFigures(int socket, LinkStatistics& out);

/// TransferFailed, in words for people. `number`: errno, 0: not known.
Error transferError(const char* what, int number);

}  // namespace livepusher::rtmp
