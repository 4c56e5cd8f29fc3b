// SPDX-License-Identifier: MIT
#include "screen_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xcb/randr.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace livepusher::capture {

bool XServer::isInstalled() {
    std::istringstream path(std::getenv("PATH"));
    for (std::string folder; std::getline(path, folder, ':');)
        if (access((folder + "/Xvfb").c_str(), X_OK) == 0) return true;
    return false;
}

XServer::XServer(int width, int height, const std::vector<std::string>& more)
    : size_(std::to_string(width) + "x" + std::to_string(height) + "x24"), more_(more) {
    static int made = 0;
    constexpr int kAttempts = 20;
    for (int attempt = 0; attempt < kAttempts; ++attempt)
        if (start(":" + std::to_string(1000 + (getpid() + 977 * made++) % 50'000))) return;
    throw std::runtime_error("Xvfb did not start");
}

bool XServer::start(const std::string& display) {
    int told[2];
    if (pipe2(told, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    std::vector<std::string> words{"Xvfb", display};
    words.insert(words.end(), {"-displayfd", "3", "-screen", "0", size_, "-noreset", "-nolisten", "tcp"});
    words.insert(words.end(), more_.begin(), more_.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    process_ = fork();
    if (process_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int silence = open("/dev/null", O_RDWR);
        for (const int fd : {0, 1, 2}) dup2(silence, fd);
        if (told[1] == 3) {
            fcntl(3, F_SETFD, 0);
        } else {
            dup2(told[1], 3);
        }
        execvp("Xvfb", arguments.data());
        _exit(127);
    }
    close(told[1]);
    std::string number;
    for (char each = 0; read(told[0], &each, 1) == 1 && each != '\n';) number += each;
    close(told[0]);
    if (number.empty()) {
        kill();
        return false;
    }
    display_ = display;
    return true;
}

void XServer::kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
}

void XServer::startAgain() {
    if (!start(display_)) throw std::runtime_error("Xvfb did not start again");
}

void XServer::hang(bool hangs) { ::kill(process_, hangs ? SIGSTOP : SIGCONT); }

XClient::XClient(const std::string& display) : connection_(xcb_connect(display.c_str(), nullptr)) {
    if (xcb_connection_has_error(connection_)) throw std::runtime_error("no connection to " + display);
    screen_ = xcb_setup_roots_iterator(xcb_get_setup(connection_)).data;
    pen_ = xcb_generate_id(connection_);
    const std::uint32_t inferiors = XCB_SUBWINDOW_MODE_INCLUDE_INFERIORS;
    xcb_create_gc(connection_, pen_, screen_->root, XCB_GC_SUBWINDOW_MODE, &inferiors);
}

XClient::~XClient() { xcb_disconnect(connection_); }

void XClient::sync() { std::free(xcb_get_input_focus_reply(connection_, xcb_get_input_focus(connection_), nullptr)); }

void XClient::fill(xcb_window_t window, std::uint32_t colour, int left, int top, int width, int height) {
    xcb_change_gc(connection_, pen_, XCB_GC_FOREGROUND, &colour);
    const xcb_rectangle_t all{static_cast<std::int16_t>(left), static_cast<std::int16_t>(top), static_cast<std::uint16_t>(width),
                              static_cast<std::uint16_t>(height)};
    xcb_poly_fill_rectangle(connection_, window, pen_, 1, &all);
    sync();
}

xcb_window_t XClient::open(const std::string& title, std::uint32_t colour, int left, int top, int width, int height) {
    const auto window = xcb_generate_id(connection_);
    // The server itself paints what comes to light.
    xcb_create_window(connection_, XCB_COPY_FROM_PARENT, window, screen_->root, static_cast<std::int16_t>(left),
                      static_cast<std::int16_t>(top), static_cast<std::uint16_t>(width), static_cast<std::uint16_t>(height), 0,
                      XCB_WINDOW_CLASS_INPUT_OUTPUT, screen_->root_visual, XCB_CW_BACK_PIXEL, &colour);
    xcb_change_property(connection_, XCB_PROP_MODE_REPLACE, window, XCB_ATOM_WM_NAME, XCB_ATOM_STRING, 8,
                        static_cast<std::uint32_t>(title.size()), title.data());
    show(window, true);
    return window;
}

void XClient::close(xcb_window_t window) {
    xcb_destroy_window(connection_, window);
    sync();
}

void XClient::place(xcb_window_t window, int left, int top, int width, int height) {
    const std::uint32_t values[] = {static_cast<std::uint32_t>(left), static_cast<std::uint32_t>(top),
                                    static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)};
    xcb_configure_window(connection_, window,
                         XCB_CONFIG_WINDOW_X | XCB_CONFIG_WINDOW_Y | XCB_CONFIG_WINDOW_WIDTH | XCB_CONFIG_WINDOW_HEIGHT, values);
    sync();
}

void XClient::show(xcb_window_t window, bool shown) {
    shown ? xcb_map_window(connection_, window) : xcb_unmap_window(connection_, window);
    sync();
}

void XClient::point(int left, int top) {
    xcb_warp_pointer(connection_, XCB_NONE, screen_->root, 0, 0, 0, 0, static_cast<std::int16_t>(left),
                     static_cast<std::int16_t>(top));
    sync();
}

void XClient::setPointer(std::uint32_t colour, int size) {
    const auto shape = xcb_generate_id(connection_), pen = xcb_generate_id(connection_), cursor = xcb_generate_id(connection_);
    const auto length = static_cast<std::uint16_t>(size);
    xcb_create_pixmap(connection_, 1, shape, screen_->root, length, length);
    const std::uint32_t one = 1;
    xcb_create_gc(connection_, pen, shape, XCB_GC_FOREGROUND, &one);
    const xcb_rectangle_t all{0, 0, length, length};
    xcb_poly_fill_rectangle(connection_, shape, pen, 1, &all);
    const auto part = [&](int shift) { return static_cast<std::uint16_t>((colour >> shift & 0xff) * 0x101); };
    xcb_create_cursor(connection_, cursor, shape, shape, part(16), part(8), part(0), 0, 0, 0, 0, 0);
    xcb_change_window_attributes(connection_, screen_->root, XCB_CW_CURSOR, &cursor);
    sync();
}

void XClient::resizeScreen(int width, int height) {
    // What is shown of the screen must lie in it: Xvfb's only monitor, which shows all, is turned off first.
    auto* resources =
        xcb_randr_get_screen_resources_reply(connection_, xcb_randr_get_screen_resources(connection_, screen_->root), nullptr);
    if (!resources) throw std::runtime_error("no RandR");
    for (int i = 0; i < xcb_randr_get_screen_resources_crtcs_length(resources); ++i) {
        const auto off =
            xcb_randr_set_crtc_config(connection_, xcb_randr_get_screen_resources_crtcs(resources)[i], XCB_CURRENT_TIME,
                                      resources->config_timestamp, 0, 0, XCB_NONE, XCB_RANDR_ROTATION_ROTATE_0, 0, nullptr);
        std::free(xcb_randr_set_crtc_config_reply(connection_, off, nullptr));
    }
    std::free(resources);
    xcb_randr_set_screen_size(connection_, screen_->root, static_cast<std::uint16_t>(width), static_cast<std::uint16_t>(height),
                              static_cast<std::uint32_t>(width / 4), static_cast<std::uint32_t>(height / 4));
    sync();
}

}  // namespace livepusher::capture
