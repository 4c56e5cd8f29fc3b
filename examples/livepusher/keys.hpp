// SPDX-License-Identifier: MIT
#pragma once

#include "event_loop.hpp"
#include "terminal.hpp"

#include <string>
#include <string_view>

namespace program {

/// Hears which keys are pressed. [main]
class KeyObserver {
public:
    virtual void pressed(char key) = 0;

protected:
    ~KeyObserver() = default;
};

/// Single keys on the terminal. [main]
class Keys {
public:
    Keys(EventLoop& loop, KeyObserver& observer);
    ~Keys();
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;

    /// Takes the terminal while this process is in the foreground and leaves it alone while it isn't.
    void refresh();
    /// Gives the terminal back, until the next refresh().
    void release();

private:
    void onReadable();

    EventLoop& loop_;
    KeyObserver& observer_;
    Terminal terminal_;
    bool ended_ = false;  // stdin has come to its end
};

/// The plain keys in what a terminal has sent; arrows and function keys, whose letters mean something else, are left out.
std::string withoutEscapes(std::string_view typed);

}  // namespace program
