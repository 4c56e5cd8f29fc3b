// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>
#include <xcb/xcb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace livepusher::test {

/// An X server without a monitor (Xvfb) of a test's own, ended with it.
class XServer {
public:
    /// Whether there is one on this machine; a test is skipped otherwise.
    static bool isInstalled();

    /// On a number that no server looking for a free one comes to: it stays this one's while it is dead. `more` are Xvfb's own
    /// arguments.
    explicit XServer(int width = 640, int height = 480, const std::vector<std::string>& more = {});
    ~XServer() { kill(); }
    XServer(const XServer&) = delete;
    XServer& operator=(const XServer&) = delete;

    const std::string& display() const { return display_; }
    void kill();        ///< at once, as by a crash
    void startAgain();  ///< on the same number
    void hang(bool hangs);

private:
    bool start(const std::string& display);

    const std::string size_;
    const std::vector<std::string> more_;
    std::string display_;
    pid_t process_ = -1;
};

/// An application on that server, which does what a test wants to see.
class XClient {
public:
    explicit XClient(const std::string& display);
    ~XClient();
    XClient(const XClient&) = delete;
    XClient& operator=(const XClient&) = delete;

    /// Colours are 0xRRGGBB. Each has been done when it returns.
    void fill(xcb_window_t window, std::uint32_t colour, int left, int top, int width, int height);
    xcb_window_t open(const std::string& title, std::uint32_t colour, int left, int top, int width, int height);
    void close(xcb_window_t window);
    void place(xcb_window_t window, int left, int top, int width, int height);
    void show(xcb_window_t window, bool shown);
    void point(int left, int top);                    ///< moves the pointer
    void setPointer(std::uint32_t colour, int size);  ///< a square, its tip the upper left corner
    void resizeScreen(int width, int height);
    /// The pixels of a part of the screen, row by row, as 0xRRGGBB.
    std::vector<std::uint32_t> pixels(int left, int top, int width, int height);
    struct Found {
        xcb_window_t window = 0;  ///< 0: there is none
        int left = 0, top = 0, width = 0, height = 0;
    };
    Found find(const std::string& title);  ///< among the windows of the screen itself: there is no window manager
    void press(xcb_window_t window, std::uint32_t keysym, std::uint16_t modifiers = 0);  ///< and lets it go
    xcb_window_t root() const { return screen_->root; }

private:
    void sync();
    xcb_connection_t* const connection_;
    const xcb_screen_t* screen_ = nullptr;
    xcb_gcontext_t pen_ = 0;
    xcb_timestamp_t pressedAt_ = 0;
};

}  // namespace livepusher::test
