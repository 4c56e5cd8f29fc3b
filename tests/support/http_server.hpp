// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "loopback_listener.hpp"

namespace livepusher::capture {

/// An HTTP server on a free port of the loopback that answers one connection after the other, on a thread of its own.
class HttpServer {
public:
    /// One connection, its request's head already read.
    class Exchange {
    public:
        /// Waits for the request.
        explicit Exchange(int socket) : socket_(socket) {
            std::array<char, 4096> part{};
            while (head_.find("\r\n\r\n") == std::string::npos) {
                const auto count = ::recv(socket, part.data(), part.size(), 0);
                if (count <= 0) break;
                head_.append(part.data(), static_cast<std::size_t>(count));
            }
            const auto from = head_.find(' ') + 1;  // 0: none came
            if (from > 0) target_ = head_.substr(from, head_.find(' ', from) - from);
        }
        const std::string& target() const { return target_; }
        const std::string& head() const { return head_; }
        /// The next request of the same connection.
        Exchange next() const { return Exchange(socket_); }
        /// Where the client connected from, as numbers.
        std::string client() const {
            sockaddr_in from{};
            socklen_t size = sizeof from;
            std::array<char, INET_ADDRSTRLEN> text{};
            ::getpeername(socket_, reinterpret_cast<sockaddr*>(&from), &size);
            return ::inet_ntop(AF_INET, &from.sin_addr, text.data(), text.size()) ? text.data() : "";
        }
        void send(const std::string& bytes) const {
            for (std::size_t at = 0; at < bytes.size();) {
                const auto count = ::send(socket_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
                if (count <= 0) return;
                at += static_cast<std::size_t>(count);
            }
        }
        void answer(const std::string& status, const std::string& body, const std::string& headers = {}) const {
            send("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" +
                 headers + "\r\n" + body);
        }
        /// From which byte on it is wanted; none: no part was asked for.
        std::optional<std::size_t> from() const {
            const std::string field = "Range: bytes=";
            const auto at = head_.find(field);
            if (at == std::string::npos) return std::nullopt;
            return std::stoul(head_.substr(at + field.size()));
        }
        /// As a server that gives parts does.
        void answerPart(const std::string& body) const {
            const auto first = from();
            if (!first) return answer("200 OK", body);
            if (*first >= body.size()) return answer("416 Range Not Satisfiable", "");
            answer("206 Partial Content", body.substr(*first),
                   "Content-Range: bytes " + std::to_string(*first) + "-" + std::to_string(body.size() - 1) + "/" +
                       std::to_string(body.size()) + "\r\n");
        }
        /// Promises all of it and sends as much as `sent`.
        void begin(const std::string& body, std::size_t sent) const {
            send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body.substr(0, sent));
        }
        /// Lets the connection end with a reset, once all that was sent has come.
        void reset() const {
            for (int left = 1; left > 0 && ::ioctl(socket_, SIOCOUTQ, &left) == 0;) std::this_thread::yield();
            const linger now{.l_onoff = 1, .l_linger = 0};
            ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        }
        void waitForTheOtherToClose() const {
            std::array<char, 64> rest{};
            while (::recv(socket_, rest.data(), rest.size(), 0) > 0) continue;
        }

    private:
        int socket_;
        std::string target_;
        std::string head_;
    };
    using Handler = std::function<void(const Exchange&)>;

    explicit HttpServer(Handler handler) : handler_(std::move(handler)) {
        thread_ = std::thread([this] { run(); });
    }
    ~HttpServer() {
        listener_.end();
        thread_.join();
    }
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::string url(const std::string& target) const { return "http://127.0.0.1:" + std::to_string(listener_.port()) + target; }
    int port() const { return listener_.port(); }

private:
    void run() {
        for (;;) {
            const int socket = listener_.accept();
            if (socket < 0) return;
            if (const Exchange exchange(socket); !exchange.target().empty()) handler_(exchange);
            ::close(socket);
        }
    }

    const Handler handler_;
    const LoopbackListener listener_;
    std::thread thread_;  // last
};

}  // namespace livepusher::capture
