// SPDX-License-Identifier: MIT
#include "capture/device_lists.hpp"

#include <chrono>
#include <cstdio>
#include <memory>

#include "base/abandonable_thread.hpp"
#include "capture/screen/windows.hpp"

namespace livepusher::capture {
namespace {

constexpr auto kMostWait = std::chrono::seconds(1);

using Screens = std::vector<ScreenInfo>;

std::string atomName(XConnection& connection, xcb_atom_t atom) {
    const auto reply = connection.wait<xcb_get_atom_name_reply_t>(x11().xcb_get_atom_name(connection.raw(), atom).sequence);
    if (!reply) return {};
    return {x11().xcb_get_atom_name_name(reply.get()),
            static_cast<std::size_t>(x11().xcb_get_atom_name_name_length(reply.get()))};
}

void addMonitors(XConnection& connection, const std::string& id, Screens& screens) {
    auto* raw = connection.raw();
    if (connection.firstEvent("RANDR") < 0) return;
    const auto version = connection.wait<xcb_randr_query_version_reply_t>(x11().xcb_randr_query_version(raw, 1, 5).sequence);
    if (!version || (version->major_version == 1 && version->minor_version < 5)) return;  // knows no monitors
    const auto reply =
        connection.wait<xcb_randr_get_monitors_reply_t>(x11().xcb_randr_get_monitors(raw, connection.root(), 1).sequence);
    if (!reply) return;
    for (auto it = x11().xcb_randr_get_monitors_monitors_iterator(reply.get()); it.rem > 0;
         x11().xcb_randr_monitor_info_next(&it)) {
        ScreenInfo info;
        info.name = atomName(connection, it.data->name);
        info.left = it.data->x, info.top = it.data->y;
        info.width = it.data->width, info.height = it.data->height;
        info.id = id + "+" + std::to_string(info.left) + "," + std::to_string(info.top) + "," + std::to_string(info.width & ~1) +
                  "x" + std::to_string(info.height & ~1);
        screens.push_back(std::move(info));
    }
}

void addWindows(XConnection& connection, const std::string& id, Screens& screens) {
    for (const auto& window : titledWindows(connection)) {
        auto* raw = connection.raw();
        const auto geometry = connection.wait<xcb_get_geometry_reply_t>(x11().xcb_get_geometry(raw, window.id).sequence);
        const auto place = connection.wait<xcb_translate_coordinates_reply_t>(
            x11().xcb_translate_coordinates(raw, window.id, connection.root(), 0, 0).sequence);
        if (!geometry || !place || !window.visible) continue;  // what is minimised can't be opened
        char number[16];
        std::snprintf(number, sizeof number, "0x%x", window.id);
        screens.push_back({.id = id + ",window=" + number,
                           .name = window.title,
                           .left = place->dst_x,
                           .top = place->dst_y,
                           .width = geometry->width,
                           .height = geometry->height,
                           .window = true});
    }
}

Result<Screens> look(const std::string& display, Interruption& interruption) {
    auto opened = XConnection::open(display, interruption);
    if (!opened) return opened.error();
    auto& connection = **opened;
    const auto geometry =
        connection.wait<xcb_get_geometry_reply_t>(x11().xcb_get_geometry(connection.raw(), connection.root()).sequence);
    if (!geometry) return Error{Code::ScreenCaptureFailed, "screen \"" + display + "\": the X server does not answer"};
    // ":0" is its default screen, which ":0.1" is not.
    auto id = display;
    if (const auto colon = id.rfind(':'); colon != std::string::npos && id.find('.', colon) == std::string::npos)
        id += "." + std::to_string(connection.screenNumber());
    Screens screens{{.id = id, .name = "screen " + id, .width = geometry->width, .height = geometry->height, .isDefault = true}};
    addMonitors(connection, id, screens);
    addWindows(connection, id, screens);
    return screens;
}

}  // namespace

std::vector<ScreenInfo> listScreens(std::vector<std::string>& notes) {
    const auto display = displayName("");
    if (!display) {
        notes.push_back(display.error().message);
        return {};
    }
    struct Task {
        Interruption interruption;
        Result<Screens> found = Screens{};
    };
    const auto task = std::make_shared<Task>();
    base::AbandonableThread thread;
    const auto started = thread.start(
        "screens", [task, name = *display] { task->found = look(name, task->interruption); },
        [task](const Error& error) { task->found = error; });
    if (!started) {
        notes.push_back("screens: " + started.error().message);
        return {};
    }
    if (!thread.end(kMostWait)) {  // it may wait for a greeting that never comes
        task->interruption.raise();
        notes.push_back("screen \"" + *display + "\": the X server does not answer");
        return {};
    }
    if (task->found) return std::move(*task->found);
    notes.push_back(task->found.error().message);
    return {};
}

}  // namespace livepusher::capture
