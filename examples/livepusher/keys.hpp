// SPDX-License-Identifier: MIT
#pragma once

#include "event_loop.hpp"
#include "methods.hpp"
#include "terminal.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace program {

/// Single keys on the terminal. [main]
class Keys {
public:
    struct Hooks {
        std::function<void()> quit;
        std::function<void(const Json& result)> answered;  ///< of what a key has called
        std::function<void(std::string_view text)> tell;
    };

    Keys(EventLoop& loop, livepusher::LivePusherContext& context, Hooks hooks);
    ~Keys();
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;

    /// Takes the terminal while this process is in the foreground and leaves it alone while it isn't.
    void refresh();
    /// Gives the terminal back, until the next refresh().
    void release();

private:
    void onReadable();
    void press(char key);
    void changeBitrate(double factor);

    EventLoop& loop_;
    livepusher::LivePusherContext& context_;
    Hooks hooks_;
    Terminal terminal_;
    bool ended_ = false;  // stdin has come to its end
};

/// The plain keys in what a terminal has sent; arrows and function keys, whose letters mean something else, are left out.
std::string withoutEscapes(std::string_view typed);

}  // namespace program
