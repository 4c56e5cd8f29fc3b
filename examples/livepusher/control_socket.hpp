// SPDX-License-Identifier: MIT
#pragma once

#include "event_loop.hpp"
#include "requests.hpp"

#include <livepusher/error.hpp>

#include <sys/types.h>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace program {

/// A Unix socket that only its owner may use: one request a line from any of several clients, each answered on its own
/// connection. [main]
class ControlSocket {
public:
    ControlSocket(EventLoop& loop, Requests& requests) : loop_(loop), requests_(requests) {}
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

    /// Creates the socket (mode 0600). What a crashed program left at `path` is replaced; a file of another kind, or a socket
    /// that another program serves, is refused. Errors: InvalidArgument.
    livepusher::Result<void> open(const std::string& path);

private:
    struct Client {
        int fd = -1;
        std::string input, output;
        int unanswered = 0;
        bool inputEnded = false;
        bool skipping = false;  // in the midst of a line that is too long, and was answered so
    };

    void acceptClients();
    void onReady(std::uint64_t id, short found);
    void readFrom(std::uint64_t id);
    void takeLines(std::uint64_t id);
    void request(std::uint64_t id, const std::string& line);
    void send(std::uint64_t id, const Json& answer);
    void flush(std::uint64_t id);
    void watchClient(std::uint64_t id);
    void drop(std::uint64_t id);

    EventLoop& loop_;
    Requests& requests_;
    std::string path_;
    int listener_ = -1;
    dev_t device_ = 0;  // which file we made: another's isn't removed at the end
    ino_t inode_ = 0;
    std::uint64_t nextId_ = 1;
    std::map<std::uint64_t, Client> clients_;
    std::shared_ptr<ControlSocket*> self_ = std::make_shared<ControlSocket*>(this);  // answers may come after the end
};

}  // namespace program
