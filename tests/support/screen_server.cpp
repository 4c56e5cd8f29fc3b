// SPDX-License-Identifier: MIT
#include "screen_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xcb/randr.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace livepusher::test {

bool XServer::isInstalled() {
    std::istringstream path(std::getenv("PATH"));
    for (std::string folder; std::getline(path, folder, ':');)
        if (access((folder + "/Xvfb").c_str(), X_OK) == 0) return true;
    return false;
}

namespace {

/// What xcb gives is to be freed.
template <typename Reply>
auto owned(Reply* reply) {
    return std::unique_ptr<Reply, decltype(&std::free)>(reply, &std::free);
}

}  // namespace

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

std::vector<std::uint32_t> XClient::pixels(int left, int top, int width, int height) {
    const auto asked = xcb_get_image(connection_, XCB_IMAGE_FORMAT_Z_PIXMAP, screen_->root, static_cast<std::int16_t>(left),
                                     static_cast<std::int16_t>(top), static_cast<std::uint16_t>(width),
                                     static_cast<std::uint16_t>(height), 0x00ffffff);
    const auto image = owned(xcb_get_image_reply(connection_, asked, nullptr));
    if (!image) throw std::runtime_error("no picture of the screen there");
    std::vector<std::uint32_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    std::memcpy(pixels.data(), xcb_get_image_data(image.get()), pixels.size() * sizeof pixels[0]);
    for (auto& pixel : pixels) pixel &= 0x00ffffff;
    return pixels;
}

XClient::Found XClient::find(const std::string& title) {
    const auto tree = owned(xcb_query_tree_reply(connection_, xcb_query_tree(connection_, screen_->root), nullptr));
    if (!tree) return {};
    for (int i = 0; i < xcb_query_tree_children_length(tree.get()); ++i) {
        const auto window = xcb_query_tree_children(tree.get())[i];
        const auto asked = xcb_get_property(connection_, 0, window, XCB_ATOM_WM_NAME, XCB_ATOM_ANY, 0, 64);
        const auto name = owned(xcb_get_property_reply(connection_, asked, nullptr));
        if (!name || title != std::string(static_cast<const char*>(xcb_get_property_value(name.get())),
                                          static_cast<std::size_t>(xcb_get_property_value_length(name.get()))))
            continue;
        const auto place = owned(xcb_get_geometry_reply(connection_, xcb_get_geometry(connection_, window), nullptr));
        if (place) return {window, place->x, place->y, place->width, place->height};
    }
    return {};
}

void XClient::press(xcb_window_t window, std::uint32_t keysym, std::uint16_t modifiers) {
    const auto* setup = xcb_get_setup(connection_);
    const auto count = static_cast<std::uint8_t>(setup->max_keycode - setup->min_keycode + 1);
    const auto asked = xcb_get_keyboard_mapping(connection_, setup->min_keycode, count);
    const auto keys = owned(xcb_get_keyboard_mapping_reply(connection_, asked, nullptr));
    if (!keys) throw std::runtime_error("no keyboard");
    const auto* symbols = xcb_get_keyboard_mapping_keysyms(keys.get());
    int key = 0;
    while (key < count && symbols[key * keys->keysyms_per_keycode] != keysym) ++key;
    if (key == count) throw std::runtime_error("the keyboard has no such key");
    xcb_key_press_event_t event{};
    event.detail = static_cast<xcb_keycode_t>(setup->min_keycode + key);
    event.root = screen_->root;
    event.event = window;
    event.state = modifiers;
    event.same_screen = 1;
    event.time = pressedAt_ += 1000;  // what follows within milliseconds counts as a key that is held
    for (const auto& [type, mask] :
         {std::pair{XCB_KEY_PRESS, XCB_EVENT_MASK_KEY_PRESS}, {XCB_KEY_RELEASE, XCB_EVENT_MASK_KEY_RELEASE}}) {
        event.response_type = static_cast<std::uint8_t>(type);
        xcb_send_event(connection_, 1, window, static_cast<std::uint32_t>(mask), reinterpret_cast<const char*>(&event));
    }
    sync();
}

}  // namespace livepusher::test
