// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>

#include "bytes.hpp"

namespace livepusher::rtmp::test {

/// The server's end of one connection, for scripts. It reads chunks by itself, not with the code under test.
class Peer {
public:
    /// Thrown by whatever reads, and ends the script.
    struct Closed {
        bool byReset;
    };
    struct Message {
        int channel = 0, type = 0;
        std::uint32_t stream = 0, timestamp = 0;
        Bytes body;
        std::string command;  ///< of type 20
    };

    explicit Peer(int fd) : fd_(fd) {}
    ~Peer() { close(); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    Bytes read(std::size_t bytes);
    void send(const Bytes& bytes);
    Message next();
    Message next(const std::string& command);  ///< the next command of that name; others are skipped
    Message nextMedia();                       ///< the next of type 8, 9 or 18

    void handshake();
    void answerConnect();
    void answerCreateStream();
    void answerPublish();
    void untilPublish();  ///< the first three of these, and the client's publish
    void accept();        ///< all of the above, each when it is asked for
    void status(const char* level, const char* code, const char* description);

    Closed untilClosed();  ///< reads until the client has gone
    void close();
    void reset();

private:
    int fd_;
    std::size_t chunkSize_ = 128;
    std::map<int, Message> current_;  ///< by channel
    std::map<int, std::size_t> wanted_;
};

/// Listens on a free loopback port and runs `script` on its one connection, or on one after the other, in a thread.
class LoopbackServer {
public:
    using Script = std::function<void(Peer&)>;
    explicit LoopbackServer(Script script, bool ipv6 = false, int connections = 1);
    ~LoopbackServer();  ///< waits for the script, not for connections that never came
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    int port() const { return port_; }
    void wait();  ///< until the script has ended

private:
    void run(const Script& script);
    bool serve(const Script& script);
    const int connections_;
    int listener_ = -1;
    int stop_ = -1;
    int port_ = 0;
    std::thread thread_;
};

/// A loopback port whose listener takes no further connection and refuses none.
class FullPort {
public:
    FullPort();
    ~FullPort();
    FullPort(const FullPort&) = delete;
    FullPort& operator=(const FullPort&) = delete;
    int port() const { return port_; }

private:
    std::vector<int> fds_;
    int port_ = 0;
};

}  // namespace livepusher::rtmp::test
