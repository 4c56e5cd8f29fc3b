// SPDX-License-Identifier: MIT
#pragma once

#include "event_loop.hpp"
#include "methods.hpp"
#include "terminal.hpp"

#include <string>
#include <string_view>

namespace program {

/// Hears what the keys are for. [main]
class KeyObserver {
public:
    virtual void quit() = 0;
    virtual void answered(const Json& result) = 0;  ///< of what a key has called
    virtual void tell(std::string_view text) = 0;

protected:
    ~KeyObserver() = default;
};

/// Single keys on the terminal. [main]
class Keys {
public:
    Keys(EventLoop& loop, livepusher::LivePusherContext& context, KeyObserver& observer);
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
    KeyObserver& observer_;
    const ResultSink answered_;
    Terminal terminal_;
    bool ended_ = false;  // stdin has come to its end
};

/// The plain keys in what a terminal has sent; arrows and function keys, whose letters mean something else, are left out.
std::string withoutEscapes(std::string_view typed);

}  // namespace program
