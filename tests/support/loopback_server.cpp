// SPDX-License-Identifier: MIT
#include "loopback_server.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "flv/amf.hpp"
#include "flv/amf_writer.hpp"

namespace livepusher::rtmp::test {

namespace {

std::uint32_t number(const Bytes& bytes) {
    std::uint32_t value = 0;
    for (const auto byte : bytes) value = value << 8 | byte;
    return value;
}

int listenOn(bool ipv6, int backlog, int& port) {
    const int fd = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_storage address{};
    socklen_t size = ipv6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    if (ipv6) {
        auto& in = reinterpret_cast<sockaddr_in6&>(address);
        in.sin6_family = AF_INET6;
        in.sin6_addr = in6addr_loopback;
    } else {
        auto& in = reinterpret_cast<sockaddr_in&>(address);
        in.sin_family = AF_INET;
        in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(fd, generic, size), 0);
    EXPECT_EQ(listen(fd, backlog), 0);
    getsockname(fd, generic, &size);
    port = ntohs(ipv6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port : reinterpret_cast<sockaddr_in&>(address).sin_port);
    return fd;
}

}  // namespace

Bytes Peer::read(std::size_t bytes) {
    if (fd_ == -1) throw Closed{};
    Bytes out(bytes);
    for (std::size_t have = 0; have < bytes;) {
        pollfd ready{fd_, POLLIN, 0};
        const timespec patience{30, 0};  // real time, whatever the test's clock: it stands for another machine
        if (ppoll(&ready, 1, &patience, nullptr) == 0) throw std::runtime_error("the client sent nothing for 30 s");
        const auto got = recv(fd_, out.data() + have, bytes - have, 0);
        if (got == 0) throw Closed{false};
        if (got < 0) throw Closed{true};
        have += static_cast<std::size_t>(got);
    }
    return out;
}

void Peer::send(const Bytes& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto sent = ::send(fd_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
        if (sent <= 0) throw Closed{true};
        at += static_cast<std::size_t>(sent);
    }
}

// Only what a client of ours may send: type-0 headers, type 3 to continue.
Peer::Message Peer::next() {
    for (;;) {
        const int basic = read(1)[0];
        const int channel = basic & 0x3F;
        Message& message = current_[channel];
        std::size_t& wanted = wanted_[channel];
        if (basic >> 6 == 0) {
            EXPECT_EQ(message.body.size(), wanted) << "a new header in the middle of a message";
            message = {};
            message.channel = channel;
            message.timestamp = number(read(3));
            wanted = number(read(3));
            message.type = read(1)[0];
            const Bytes stream = read(4);
            message.stream = number({stream[3], stream[2], stream[1], stream[0]});
            if (message.timestamp == 0xFFFFFF) message.timestamp = number(read(4));
        } else {
            EXPECT_EQ(basic >> 6, 3);
            EXPECT_LT(message.body.size(), wanted) << "nothing to continue";
            if (message.timestamp >= 0xFFFFFF) {
                EXPECT_EQ(number(read(4)), message.timestamp);
            }
        }
        const Bytes part = read(std::min(chunkSize_, wanted - message.body.size()));
        message.body.insert(message.body.end(), part.begin(), part.end());
        if (message.body.size() < wanted) continue;
        if (message.type == 1) chunkSize_ = number(message.body);
        if (message.type == 20) {
            AmfReader reader(message.body);
            message.command = reader.next().value_or(AmfValue{}).string;
        }
        return message;
    }
}

Peer::Message Peer::next(const std::string& command) {
    for (;;)
        if (auto message = next(); message.command == command) return message;
}

Peer::Message Peer::nextMedia() {
    for (;;)
        if (auto message = next(); message.type == 8 || message.type == 9 || message.type == 18) return message;
}

void Peer::handshake() {
    const Bytes c0c1 = read(1537);
    EXPECT_EQ(c0c1[0], 3);
    const Bytes s1 = Bytes(8, 0) + Bytes(1528, 0x5A);  // version 0: no digest (RTMP 1.0 §5.2.3)
    send(Bytes{3} + s1 + Bytes(c0c1.begin() + 1, c0c1.end()));
    const Bytes c2 = read(1536);
    EXPECT_EQ(Bytes(c2.begin() + 8, c2.end()), Bytes(1528, 0x5A));
}

void Peer::answerConnect() {
    next("connect");
    AmfWriter out;
    out.string("_result").number(1).beginObject().member("fmsVer", "FMS/3,0,1,123").endObject();
    out.beginObject().member("level", "status").member("code", "NetConnection.Connect.Success").endObject();
    send(message(2, 5, be(2'500'000, 4)) + message(3, 20, out.bytes()));
}

void Peer::answerCreateStream() {
    next("createStream");
    send(message(3, 20, AmfWriter().string("_result").number(4).null().number(1).bytes()));
}

void Peer::answerPublish() {
    next("publish");
    status("status", "NetStream.Publish.Start", "Start publishing");
}

void Peer::untilPublish() {
    handshake();
    answerConnect();
    answerCreateStream();
    next("publish");
}

void Peer::accept() {
    handshake();
    answerConnect();
    answerCreateStream();
    answerPublish();
}

void Peer::status(const char* level, const char* code, const char* description) {
    AmfWriter out;
    out.string("onStatus").number(0).null().beginObject().member("level", level).member("code", code);
    send(message(5, 20, out.member("description", description).endObject().bytes(), 1));
}

Peer::Closed Peer::untilClosed() {
    try {
        for (;;) read(1);
    } catch (const Closed& closed) {
        return closed;
    }
}

void Peer::close() {
    if (fd_ != -1) ::close(std::exchange(fd_, -1));
}

void Peer::reset() {
    const linger now{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

LoopbackServer::LoopbackServer(Script script, bool ipv6, int connections)
    : connections_(connections), stop_(eventfd(0, EFD_CLOEXEC)) {
    listener_ = listenOn(ipv6, 5, port_);
    thread_ = std::thread([this, script = std::move(script)] { run(script); });
}

LoopbackServer::~LoopbackServer() {
    const std::uint64_t one = 1;
    EXPECT_EQ(write(stop_, &one, sizeof one), static_cast<ssize_t>(sizeof one));
    wait();
    ::close(listener_);
    ::close(stop_);
}

void LoopbackServer::wait() {
    if (thread_.joinable()) thread_.join();
}

void LoopbackServer::run(const Script& script) {
    for (int left = connections_; left > 0 && serve(script); --left) {
    }
}

bool LoopbackServer::serve(const Script& script) {
    std::array<pollfd, 2> fds{{{listener_, POLLIN, 0}, {stop_, POLLIN, 0}}};
    poll(fds.data(), fds.size(), -1);
    if (fds[0].revents == 0) return false;
    Peer peer(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    try {
        script(peer);
    } catch (const Peer::Closed&) {
    } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
    }
    return true;
}

// With a backlog of 0 the kernel keeps one connection and drops the requests for more.
FullPort::FullPort() {
    fds_.push_back(listenOn(false, 0, port_));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    for (int i = 0; i < 4; ++i) {
        fds_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        const int done = connect(fds_.back(), reinterpret_cast<sockaddr*>(&address), sizeof address);
        EXPECT_TRUE(done == 0 || errno == EINPROGRESS);
    }
}

FullPort::~FullPort() {
    for (const int fd : fds_) ::close(fd);
}

}  // namespace livepusher::rtmp::test
