// SPDX-License-Identifier: MIT
// Takes what many publishers push, all on one thread, and notes how late each picture comes: the measuring end of
// bench/many_pushes.py. Prints its port; from a line of stdin on it counts, and at the next one it prints what it has seen:
// connections, those that have ended, pictures, those that were late, and the latest one. Ends with stdin.
#include "base/descriptor.hpp"
#include "flv/amf.hpp"
#include "flv/amf_writer.hpp"
#include "rtmp/chunk_reader.hpp"
#include "rtmp/chunk_writer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using namespace livepusher;
using namespace livepusher::rtmp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kPart = 1536;
constexpr double kLate = 100;  // ms

double milliseconds() { return std::chrono::duration<double, std::milli>(Clock::now().time_since_epoch()).count(); }

/// One publisher. What it is told is little, and always finds room in its socket's buffer.
class Connection {
public:
    explicit Connection(int fd) : fd_(fd) {}

    int fd() const { return fd_.get(); }
    /// False: it is over.
    bool serve() {
        std::array<std::uint8_t, 65536> bytes{};
        const auto count = ::read(fd_.get(), bytes.data(), bytes.size());
        if (count <= 0) return false;
        std::span<const std::uint8_t> in(bytes.data(), static_cast<std::size_t>(count));
        if (handshake_.size() < 1 + 2 * kPart) {
            const auto part = std::min(in.size(), 1 + 2 * kPart - handshake_.size());
            const bool hadC1 = handshake_.size() >= 1 + kPart;
            handshake_.insert(handshake_.end(), in.begin(), in.begin() + static_cast<std::ptrdiff_t>(part));
            in = in.subspan(part);
            if (!hadC1 && handshake_.size() >= 1 + kPart) {  // S0, S1 and S2, which is C1 again
                std::vector<std::uint8_t> answer(1 + kPart);
                answer[0] = 3;
                answer.insert(answer.end(), handshake_.begin() + 1, handshake_.begin() + 1 + kPart);
                if (!say(answer)) return false;
            }
        }
        return in.empty() || !reader_.feed(in);
    }
    /// Forgets what has come, and counts from now on.
    void begin() {
        offsets_.clear();
        offsets_.reserve(4096);
    }
    /// ms that each picture was behind the one that was the least late.
    std::vector<double> delays() const {
        auto all = offsets_;
        if (all.empty()) return all;
        const double least = *std::ranges::min_element(all);
        for (auto& offset : all) offset -= least;
        return all;
    }

private:
    bool say(std::span<const std::uint8_t> bytes) {
        return ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    }
    std::optional<Error> command(const std::vector<std::uint8_t>& body) {
        std::vector<std::uint8_t> out;
        writer_.write({Channel::Command, MessageType::Command, 0, 0, body, {}}, out);
        if (say(out)) return std::nullopt;
        return Error{Code::TransferFailed, "no room for an answer"};
    }
    std::optional<Error> take(const InboundMessage& message) {
        if (message.type == MessageType::Video && message.body.size() > 1 && message.body[1] == 1)
            offsets_.push_back(milliseconds() - message.timestamp);
        if (message.type != MessageType::Command) return std::nullopt;
        AmfReader reader(message.body);
        const auto name = reader.next(), transaction = reader.next();
        if (!name || !transaction) return Error{Code::TransferFailed, "no command"};
        if (name->string == "connect") {
            AmfWriter out;
            out.string("_result").number(transaction->number).null().beginObject();
            return command(out.member("code", "NetConnection.Connect.Success").endObject().bytes());
        }
        if (name->string == "createStream")
            return command(AmfWriter().string("_result").number(transaction->number).null().number(1).bytes());
        if (name->string == "publish") {
            AmfWriter out;
            out.string("onStatus").number(0).null().beginObject().member("level", "status");
            return command(out.member("code", "NetStream.Publish.Start").endObject().bytes());
        }
        return std::nullopt;
    }

    const base::Descriptor fd_;
    std::vector<std::uint8_t> handshake_;
    ChunkReader reader_{[this](const InboundMessage& message) { return take(message); }};
    ChunkWriter writer_;
    std::vector<double> offsets_;  // ms from a picture's time stamp to its arrival, and what the two clocks are apart
};

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

void watch(int poll, int fd) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    if (::epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

void report(const std::vector<double>& delays, std::size_t connections, std::size_t ended) {
    auto sorted = delays;
    std::ranges::sort(sorted);
    const auto late = std::ranges::count_if(sorted, [](double delay) { return delay > kLate; });
    const auto part = [&](double of) {
        return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(of * static_cast<double>(sorted.size() - 1))];
    };
    std::printf("{\"connections\":%zu,\"ended\":%zu,\"pictures\":%zu,\"late\":%td,\"median\":%.1f,\"p99\":%.1f,\"most\":%.1f}\n",
                connections, ended, sorted.size(), late, part(0.5), part(0.99), part(1));
    std::fflush(stdout);
}

}  // namespace

int main() {
    const base::Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const where = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener.get(), where, size) != 0 || ::listen(listener.get(), 1024) != 0) fail("listen");
    if (::getsockname(listener.get(), where, &size) != 0) fail("getsockname");
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);

    const base::Descriptor poll(::epoll_create1(EPOLL_CLOEXEC));
    watch(poll.get(), listener.get());
    watch(poll.get(), STDIN_FILENO);
    std::unordered_map<int, std::unique_ptr<Connection>> connections;
    std::vector<double> delays;
    std::size_t ended = 0;
    bool counts = false;
    const auto keep = [&](const Connection& connection) {
        const auto more = connection.delays();
        delays.insert(delays.end(), more.begin(), more.end());
    };
    for (bool on = true; on;) {
        std::array<epoll_event, 64> events{};
        const int count = ::epoll_wait(poll.get(), events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == listener.get()) {
                const int accepted = ::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC);
                if (accepted == -1) fail("accept");
                connections[accepted] = std::make_unique<Connection>(accepted);
                watch(poll.get(), accepted);
            } else if (fd == STDIN_FILENO) {
                std::array<char, 64> line{};
                on = ::read(fd, line.data(), line.size()) > 0;
                if (on && std::exchange(counts, !counts)) {
                    for (const auto& [number, connection] : connections) keep(*connection);
                    report(delays, connections.size(), ended);
                } else if (on) {
                    ended = 0;
                    delays.clear();
                    for (const auto& [number, connection] : connections) connection->begin();
                }
            } else if (!connections.at(fd)->serve()) {
                keep(*connections.at(fd));
                connections.erase(fd);
                ++ended;
            }
        }
    }
}
