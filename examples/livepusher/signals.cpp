// SPDX-License-Identifier: MIT
#include "signals.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace program {

Signals::Signals(EventLoop& loop, Handler handler) : loop_(loop) {
    for (const int ignored : {SIGPIPE, SIGTTIN, SIGTTOU}) std::signal(ignored, SIG_IGN);
    sigset_t taken;
    sigemptyset(&taken);
    for (const int signal : {SIGINT, SIGTERM, SIGTSTP}) sigaddset(&taken, signal);
    struct sigaction hangup {};
    sigaction(SIGHUP, nullptr, &hangup);
    if (hangup.sa_handler != SIG_IGN) sigaddset(&taken, SIGHUP);  // ignored: nohup started us
    pthread_sigmask(SIG_BLOCK, &taken, nullptr);
    fd_ = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "can't begin");  // nothing could end us
    loop_.watch(fd_, POLLIN, [this, handler = std::move(handler)](short) {
        signalfd_siginfo info{};
        while (read(fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) handler(static_cast<int>(info.ssi_signo));
    });
}

Signals::~Signals() {
    loop_.unwatch(fd_);
    close(fd_);
}

}  // namespace program
