// SPDX-License-Identifier: MIT
#include "capture/screen/x_connection.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "base/environment.hpp"

namespace livepusher::capture {
namespace {

/// Bytes B G R x, which is what almost every server has and libyuv calls ARGB.
bool isBgrx(const xcb_setup_t* setup, const xcb_screen_t& screen) {
    if (setup->image_byte_order != XCB_IMAGE_ORDER_LSB_FIRST) return false;
    const auto* formats = x11().xcb_setup_pixmap_formats(setup);
    const int count = x11().xcb_setup_pixmap_formats_length(setup);
    bool fourBytes = false;
    for (int i = 0; i < count; ++i)
        if (formats[i].depth == screen.root_depth) fourBytes = formats[i].bits_per_pixel == 32;
    if (!fourBytes) return false;
    for (auto depth = x11().xcb_screen_allowed_depths_iterator(&screen); depth.rem > 0; x11().xcb_depth_next(&depth))
        for (auto visual = x11().xcb_depth_visuals_iterator(depth.data); visual.rem > 0; x11().xcb_visualtype_next(&visual))
            if (visual.data->visual_id == screen.root_visual)
                return visual.data->red_mask == 0xff0000 && visual.data->green_mask == 0xff00 && visual.data->blue_mask == 0xff;
    return false;
}

/// Whether anything takes connections at this machine's socket of that number.
bool listens(int number) {
    const auto path = "/tmp/.X11-unix/X" + std::to_string(number);
    for (const bool abstract : {false, true}) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path + (abstract ? 1 : 0), sizeof address.sun_path - 2);
        const auto length = offsetof(sockaddr_un, sun_path) + path.size() + 1;
        const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) return false;
        const bool connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length)) == 0;
        ::close(fd);
        if (connected) return true;
    }
    return false;
}

/// Why xcb_connect() failed, `error` being xcb_connection_has_error()'s.
Error connectError(const std::string& display, int error) {
    const auto failed = [&](const std::string& why) {
        return Error{Code::ScreenCaptureFailed, "screen \"" + display + "\": " + why, error};
    };
    char* host = nullptr;
    int number = 0, screen = 0;
    const bool parsed = x11().xcb_parse_display(display.c_str(), &host, &number, &screen) != 0;
    const XReply<char> held(host);
    if (error == XCB_CONN_CLOSED_PARSE_ERR || !parsed)
        return failed("is not the name of an X display: must be as :0, :0.1 or host:0");
    if (error == XCB_CONN_CLOSED_INVALID_SCREEN) return failed("the X server has no screen " + std::to_string(screen));
    const bool here = !host || !*host || std::strcmp(host, "unix") == 0;
    if (!here) return failed("can't be reached or refused access: check that the host allows it (xhost, xauth)");
    if (listens(number))
        return failed(
            "the X server refused access: set XAUTHORITY to its owner's file, or have the owner allow it (xhost "
            "+si:localuser:NAME)");
    return failed("no X server runs there: check the number, or start one");
}

/// Whose turn it is to connect. Never destroyed: threads that hang outlive all else.
struct Turn {
    std::mutex mutex;
    std::condition_variable free;
    bool taken = false;
};

/// Before it waits for the greeting, xcb_connect() reads the authority's file by a function of libXau that keeps the name in
/// static memory: one at a time, but for those that wait behind one that hangs, which by then has long read it.
xcb_connection_t* connect(const std::string& display, int& number) {
    static auto& turn = *new Turn;
    std::unique_lock lock(turn.mutex);
    const bool mine = turn.free.wait_for(lock, std::chrono::milliseconds(500), [] { return !turn.taken; });
    if (mine) turn.taken = true;
    lock.unlock();
    auto* made = x11().xcb_connect(display.c_str(), &number);
    if (!mine) return made;
    lock.lock();
    turn.taken = false;
    turn.free.notify_one();
    return made;
}

}  // namespace

Result<std::string> displayName(const std::string& asked) {
    if (!asked.empty()) return asked;
    if (auto set = base::environment("DISPLAY"); !set.empty()) return set;
    if (!base::environment("WAYLAND_DISPLAY").empty())
        return Error{Code::ScreenCaptureUnsupported,
                     "screen: this is a Wayland session, whose screen programs can't read: log in to an X11 session (\"on "
                     "Xorg\"), or start what is to be shown in an X server of its own (Xwayland, Xvfb) and set DISPLAY to that"};
    return Error{Code::ScreenCaptureUnsupported, "screen: there is no X display: set DISPLAY or name one, as in screen::0.0"};
}

Result<std::unique_ptr<XConnection>> XConnection::open(const std::string& display, Interruption& interruption) {
    if (const auto& missing = x11Libraries().missing(); !missing.empty())
        return Error{Code::ScreenCaptureUnsupported, "screens need the X libraries (" + missing +
                                                         "): apt-get install libxcb1 libxcb-shm0 libxcb-damage0 libxcb-xfixes0 "
                                                         "libxcb-randr0 libxcb-composite0"};
    int number = 0;
    auto* raw = connect(display, number);
    std::unique_ptr<XConnection> made(new XConnection(raw, interruption));
    if (const int error = x11().xcb_connection_has_error(raw)) return connectError(display, error);
    interruption.guard(x11().xcb_get_file_descriptor(raw));
    if (auto found = made->findScreen(display, number); !found) return found.error();
    return made;
}

Result<void> XConnection::findScreen(const std::string& display, int number) {
    const auto* setup = x11().xcb_get_setup(connection_);
    auto screen = x11().xcb_setup_roots_iterator(setup);
    for (int i = 0; i < number && screen.rem > 0; ++i) x11().xcb_screen_next(&screen);
    if (screen.rem <= 0)
        return Error{Code::ScreenCaptureFailed, "screen \"" + display + "\": the X server has only " +
                                                    std::to_string(setup->roots_len) + " screens, counted from 0"};
    if (!isBgrx(setup, *screen.data))
        return Error{Code::ScreenCaptureUnsupported, "screen \"" + display + "\": its pixels of " +
                                                         std::to_string(screen.data->root_depth) +
                                                         " bits can't be taken: run it with a depth of 24"};
    screen_ = screen.data;
    number_ = number;
    return {};
}

XConnection::~XConnection() {
    interruption_.guard(-1);
    x11().xcb_disconnect(connection_);
}

bool XConnection::isLocal() const {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    return getsockname(x11().xcb_get_file_descriptor(connection_), reinterpret_cast<sockaddr*>(&address), &length) == 0 &&
           address.ss_family == AF_UNIX;
}

bool XConnection::pollAny(unsigned sequence, void*& reply) {
    xcb_generic_error_t* error = nullptr;
    reply = nullptr;
    const bool done = x11().xcb_poll_for_reply(connection_, sequence, &reply, &error) != 0;
    std::free(error);
    return done;
}

bool XConnection::pause(Timestamp until) {
    if (!alive() || !interruption_.wait(x11().xcb_get_file_descriptor(connection_), until)) return false;
    return now() < until;
}

void* XConnection::waitAny(unsigned sequence) {
    const auto until = now() + kPatience;
    x11().xcb_flush(connection_);
    void* reply = nullptr;
    while (!pollAny(sequence, reply))
        if (!pause(until)) {
            x11().xcb_discard_reply(connection_, sequence);
            return nullptr;
        }
    return reply;
}

int XConnection::firstEvent(const char* extension) {
    const auto length = static_cast<std::uint16_t>(std::strlen(extension));
    const auto reply = wait<xcb_query_extension_reply_t>(x11().xcb_query_extension(connection_, length, extension).sequence);
    return reply && reply->present ? reply->first_event : -1;
}

xcb_atom_t XConnection::atom(const char* name) {
    const auto length = static_cast<std::uint16_t>(std::strlen(name));
    const auto reply = wait<xcb_intern_atom_reply_t>(x11().xcb_intern_atom(connection_, 1, length, name).sequence);
    return reply ? reply->atom : xcb_atom_t{XCB_ATOM_NONE};
}

}  // namespace livepusher::capture
