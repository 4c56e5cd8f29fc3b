// SPDX-License-Identifier: MIT
#include "capture/screen/display_name.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/environment.hpp"
#include "capture/screen/x_connection.hpp"

namespace livepusher::capture {
namespace {

/// Whether anything takes connections at this machine's socket of that number.
bool listens(int number) {
    const auto path = "/tmp/.X11-unix/X" + std::to_string(number);
    for (const bool abstract : {false, true}) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path + (abstract ? 1 : 0), sizeof address.sun_path - 2);
        const auto length = offsetof(sockaddr_un, sun_path) + path.size() + 1;
        const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) return false;
        const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length)) == 0;
        close(fd);
        if (connected) return true;
    }
    return false;
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

}  // namespace livepusher::capture
