// SPDX-License-Identifier: MIT
#include "terminal.hpp"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>

namespace program {

namespace {

// Process-wide because the terminal is, and because a signal handler reaches nothing else.
termios original;
std::atomic<bool> switched{false};
constexpr std::array kCrashes{SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
std::array<struct sigaction, kCrashes.size()> formerActions;

/// Safe in a signal handler; nothing when it was not switched.
void restoreTerminal() noexcept {
    if (switched.exchange(false)) tcsetattr(STDIN_FILENO, TCSANOW, &original);
}

void onCrash(int signal) {
    restoreTerminal();
    // Whoever had the signal before (a sanitizer, the system) gets it when the faulty instruction runs again.
    for (std::size_t i = 0; i < kCrashes.size(); ++i) {
        if (kCrashes[i] == signal) sigaction(signal, &formerActions[i], nullptr);
    }
    if (signal == SIGABRT) raise(signal);
}

void installOnce() {
    static const bool installed = [] {
        std::atexit([] { restoreTerminal(); });
        for (std::size_t i = 0; i < kCrashes.size(); ++i) {
            struct sigaction action {};
            action.sa_handler = onCrash;
            action.sa_flags = SA_NODEFER;
            sigaction(kCrashes[i], &action, &formerActions[i]);
        }
        return true;
    }();
    static_cast<void>(installed);
}

}  // namespace

bool Terminal::readable() { return isatty(STDIN_FILENO) == 1 && tcgetpgrp(STDIN_FILENO) == getpgrp(); }

bool Terminal::enter() {
    if (entered_) return true;
    if (tcgetattr(STDIN_FILENO, &original) != 0) return false;
    installOnce();
    termios keys = original;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // ISIG stays: Ctrl-C is a signal
    keys.c_cc[VMIN] = 1;
    keys.c_cc[VTIME] = 0;
    switched = true;
    entered_ = tcsetattr(STDIN_FILENO, TCSANOW, &keys) == 0;
    if (!entered_) switched = false;
    return entered_;
}

void Terminal::leave() {
    if (entered_) restoreTerminal();
    entered_ = false;
}

int terminalWidth(int fd) {
    winsize size{};
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace program
