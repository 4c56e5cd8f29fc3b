// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <utility>

namespace livepusher::base {

/// A file descriptor that is closed with its owner; -1: none.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }  ///< the caller closes it

private:
    int fd_ = -1;
};

}  // namespace livepusher::base
