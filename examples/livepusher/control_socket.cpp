// SPDX-License-Identifier: MIT
#include "control_socket.hpp"

#include "json.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace program {

namespace {

constexpr std::size_t kMostClients = 32;
constexpr std::size_t kLongestLine = std::size_t{64} * 1024;
constexpr std::size_t kMostOutput = std::size_t{1024} * 1024;

livepusher::Error refused(const std::string& path, const std::string& why) {
    return {livepusher::Code::InvalidArgument, "--control " + path + ": " + why, errno};
}

std::string systemError() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe): only this thread's use

bool isServed(const sockaddr_un& address) {
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe < 0) return false;
    const int connected = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const bool served = connected == 0 || errno == EAGAIN;  // EAGAIN: its queue of clients is full
    close(probe);
    return served;
}

}  // namespace

livepusher::Result<void> ControlSocket::open(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return refused(path, "a path of " + std::to_string(path.size()) + " bytes; a socket's has at most " +
                                 std::to_string(sizeof address.sun_path - 1));
    }
    path.copy(address.sun_path, path.size());

    struct stat found {};
    if (lstat(path.c_str(), &found) == 0) {
        if (!S_ISSOCK(found.st_mode)) return refused(path, "exists already and is not a socket");
        if (isServed(address)) return refused(path, "another program is serving it; name another socket");
        if (unlink(path.c_str()) != 0) return refused(path, "can't replace it: " + systemError());
    }
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    // The mode of the unbound socket is what bind() makes the file with: at no moment can another user connect.
    if (listener_ < 0 || fchmod(listener_, S_IRUSR | S_IWUSR) != 0 ||
        bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return refused(path, "can't create it: " + systemError());
    }
    path_ = path;
    if (lstat(path.c_str(), &found) == 0) {
        device_ = found.st_dev;
        inode_ = found.st_ino;
    }
    if (listen(listener_, SOMAXCONN) != 0) return refused(path, "can't listen: " + systemError());
    loop_.watch(listener_, POLLIN, [this](short) { acceptClients(); });
    return {};
}

ControlSocket::~ControlSocket() {
    *self_ = nullptr;
    while (!clients_.empty()) {
        flush(clients_.begin()->first);  // last answers, as far as they fit
        if (!clients_.empty()) drop(clients_.begin()->first);
    }
    if (listener_ >= 0) {
        loop_.unwatch(listener_);
        close(listener_);
    }
    struct stat found {};
    const bool ours = !path_.empty() && lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
    if (ours) unlink(path_.c_str());
}

void ControlSocket::acceptClients() {
    for (;;) {
        const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) return;
        const auto id = nextId_++;
        clients_[id].fd = fd;
        if (clients_.size() > kMostClients) {
            send(id, resultJson("", static_cast<int>(livepusher::Code::InvalidState),
                                "too many clients: at most " + std::to_string(kMostClients)));
            drop(id);
        } else {
            watchClient(id);
        }
    }
}

void ControlSocket::watchClient(std::uint64_t id) {
    const auto& client = clients_.at(id);
    const bool reading = !client.inputEnded && client.output.size() < kMostOutput;  // who doesn't read isn't read from
    const int events = (reading ? POLLIN : 0) | (client.output.empty() ? 0 : POLLOUT);
    loop_.watch(client.fd, static_cast<short>(events), [this, id](short found) { onReady(id, found); });
}

void ControlSocket::onReady(std::uint64_t id, short found) {
    if ((found & POLLIN) != 0) {
        readFrom(id);
    } else if ((found & (POLLERR | POLLHUP)) != 0) {
        return drop(id);  // gone in both directions: nobody is left to answer to
    }
    if (clients_.contains(id)) flush(id);
}

void ControlSocket::readFrom(std::uint64_t id) {
    auto& client = clients_.at(id);
    std::array<char, 4096> bytes;
    const auto count = recv(client.fd, bytes.data(), bytes.size(), 0);
    if (count < 0) {
        if (errno != EAGAIN && errno != EINTR) drop(id);
        return;
    }
    client.input.append(bytes.data(), static_cast<std::size_t>(count));
    if (count == 0) {
        client.inputEnded = true;
        if (!client.input.empty()) client.input += '\n';  // a last line needs no end
    }
    takeLines(id);
}

void ControlSocket::takeLines(std::uint64_t id) {
    for (;;) {
        const auto found = clients_.find(id);
        if (found == clients_.end()) return;
        auto& client = found->second;
        const auto end = client.input.find('\n');
        if (end == std::string::npos) {
            if (client.skipping) client.input.clear();
            if (client.input.size() <= kLongestLine) return;
            client.input.clear();
            client.skipping = true;
            return send(id, resultJson("", static_cast<int>(livepusher::Code::InvalidArgument),
                                       "a line has at most " + std::to_string(kLongestLine) + " bytes"));
        }
        const std::string line = client.input.substr(0, end);
        client.input.erase(0, end + 1);
        if (std::exchange(client.skipping, false)) continue;  // the end of a line that was too long
        if (line.find_first_not_of(" \t\r") != std::string::npos) request(id, line);
    }
}

void ControlSocket::request(std::uint64_t id, const std::string& line) {
    ++clients_.at(id).unanswered;
    requests_.handle(line, [self = std::weak_ptr(self_), id](const Json& answer) {
        const auto socket = self.lock();
        if (!socket || *socket == nullptr) return;
        ControlSocket& control = **socket;
        const auto client = control.clients_.find(id);
        if (client == control.clients_.end()) return;  // asked and left
        --client->second.unanswered;
        control.send(id, answer);
    });
}

void ControlSocket::send(std::uint64_t id, const Json& answer) {
    clients_.at(id).output += toLine(answer) + "\n";
    flush(id);
}

void ControlSocket::flush(std::uint64_t id) {
    auto& client = clients_.at(id);
    while (!client.output.empty()) {
        const auto sent = ::send(client.fd, client.output.data(), client.output.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN) break;
        if (sent < 0) return drop(id);
        client.output.erase(0, static_cast<std::size_t>(sent));
    }
    if (client.inputEnded && client.unanswered == 0 && client.output.empty()) return drop(id);
    watchClient(id);
}

void ControlSocket::drop(std::uint64_t id) {
    const auto found = clients_.find(id);
    if (found == clients_.end()) return;
    loop_.unwatch(found->second.fd);
    close(found->second.fd);
    clients_.erase(found);
}

}  // namespace program
