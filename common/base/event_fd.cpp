// SPDX-License-Identifier: MIT
#include "base/event_fd.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <system_error>

namespace livepusher::base {

EventFd::EventFd() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), error_(fd_ ? 0 : errno) {}

Result<void> EventFd::check() const {
    if (fd_) return {};
    return Error{Code::InternalFailure, "out of file descriptors: " + std::generic_category().message(error_), error_};
}

void EventFd::signal() const {
    if (fd_) eventfd_write(fd_.get(), 1);  // can only fail where it is signalled already
}

void EventFd::drain() const {
    eventfd_t count = 0;
    if (fd_) eventfd_read(fd_.get(), &count);  // can only fail where it is not signalled
}

}  // namespace livepusher::base
