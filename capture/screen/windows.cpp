// SPDX-License-Identifier: MIT
#include "capture/screen/windows.hpp"

#include "base/ascii.hpp"

#include <charconv>
#include <optional>
#include <string_view>

namespace livepusher::capture {
namespace {

constexpr std::uint32_t kLongestTitle = 256;  // of four bytes
constexpr int kDeepest = 4;                   // frames around frames that window managers draw

std::string utf8(std::string_view latin1) {
    std::string text;
    for (const char each : latin1) {
        const auto byte = static_cast<unsigned char>(each);
        if (byte < 0x80) {
            text += each;
        } else {
            text += static_cast<char>(0xc0 | (byte >> 6));
            text += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    return text;
}

/// Asks for all of many windows at once: a hundred round trips would take their time.
class Titles {
public:
    explicit Titles(XConnection& connection) : connection_(connection), netName_(connection.atom("_NET_WM_NAME")) {}

    std::vector<TitledWindow> of(const std::vector<xcb_window_t>& windows) {
        std::vector<Asked> asked;
        asked.reserve(windows.size());
        for (const auto window : windows)
            asked.push_back({property(window, netName_), property(window, XCB_ATOM_WM_NAME),
                             x11().xcb_get_window_attributes(connection_.raw(), window).sequence});
        std::vector<TitledWindow> found;
        for (std::size_t i = 0; i < windows.size(); ++i) {
            auto modern = text(asked[i].netName), old = text(asked[i].name);
            const auto attributes = connection_.wait<xcb_get_window_attributes_reply_t>(asked[i].attributes);
            const bool visible = attributes && attributes->map_state == XCB_MAP_STATE_VIEWABLE;
            if (attributes && attributes->_class != XCB_WINDOW_CLASS_INPUT_ONLY)
                found.push_back({windows[i], modern.empty() ? std::move(old) : std::move(modern), visible});
        }
        return found;
    }

private:
    struct Asked {
        unsigned netName, name, attributes;
    };
    unsigned property(xcb_window_t window, xcb_atom_t name) const {
        return x11().xcb_get_property(connection_.raw(), 0, window, name, XCB_ATOM_ANY, 0, kLongestTitle).sequence;
    }
    std::string text(unsigned sequence) {
        const auto reply = connection_.wait<xcb_get_property_reply_t>(sequence);
        if (!reply || reply->format != 8) return {};
        const std::string_view bytes(static_cast<const char*>(x11().xcb_get_property_value(reply.get())),
                                     static_cast<std::size_t>(x11().xcb_get_property_value_length(reply.get())));
        const auto whole = bytes.substr(0, bytes.find('\0'));
        return reply->type == XCB_ATOM_STRING ? utf8(whole) : std::string(whole);
    }

    XConnection& connection_;
    const xcb_atom_t netName_;
};

/// What the window manager calls its clients, the uppermost last. Empty: there is none.
std::vector<xcb_window_t> clientList(XConnection& connection) {
    for (const auto* name : {"_NET_CLIENT_LIST_STACKING", "_NET_CLIENT_LIST"}) {
        const auto atom = connection.atom(name);
        if (atom == XCB_ATOM_NONE) continue;
        const auto reply = connection.wait<xcb_get_property_reply_t>(
            x11().xcb_get_property(connection.raw(), 0, connection.root(), atom, XCB_ATOM_WINDOW, 0, 4096).sequence);
        if (!reply || reply->format != 32) continue;
        const auto* first = static_cast<const xcb_window_t*>(x11().xcb_get_property_value(reply.get()));
        const auto count = static_cast<std::size_t>(x11().xcb_get_property_value_length(reply.get())) / sizeof *first;
        if (count > 0) return {first, first + count};
    }
    return {};
}

std::vector<xcb_window_t> childrenOf(XConnection& connection, const std::vector<xcb_window_t>& parents) {
    std::vector<unsigned> asked;
    for (const auto parent : parents) asked.push_back(x11().xcb_query_tree(connection.raw(), parent).sequence);
    std::vector<xcb_window_t> children;
    for (const auto sequence : asked)
        if (const auto reply = connection.wait<xcb_query_tree_reply_t>(sequence)) {
            const auto* first = x11().xcb_query_tree_children(reply.get());
            children.insert(children.end(), first, first + x11().xcb_query_tree_children_length(reply.get()));
        }
    return children;
}

std::optional<xcb_window_t> numbered(const std::string& wanted) {
    if (!wanted.starts_with("0x") && !wanted.starts_with("0X")) return {};
    xcb_window_t number = 0;
    const auto* end = wanted.data() + wanted.size();
    const auto [at, error] = std::from_chars(wanted.data() + 2, end, number, 16);
    if (error != std::errc() || at != end) return {};
    return number;
}

std::string listed(const std::vector<TitledWindow>& windows) {
    std::string text;
    int count = 0;
    for (const auto& window : windows) {
        if (++count > 8) return text + ", …";
        text += (text.empty() ? "\"" : ", \"") + window.title + "\"";
    }
    return text;
}

}  // namespace

std::vector<TitledWindow> titledWindows(XConnection& connection) {
    Titles titles(connection);
    std::vector<TitledWindow> found;
    const auto clients = clientList(connection);
    if (!clients.empty()) {
        found = titles.of(clients);
        std::erase_if(found, [](const auto& window) { return window.title.empty(); });
        return found;
    }
    auto level = childrenOf(connection, {connection.root()});
    for (int depth = 0; depth < kDeepest && !level.empty(); ++depth) {
        std::vector<xcb_window_t> untitled;
        for (auto& window : titles.of(level)) {
            if (window.title.empty()) {
                untitled.push_back(window.id);
            } else {
                found.push_back(std::move(window));
            }
        }
        level = childrenOf(connection, untitled);
    }
    return found;
}

Result<TitledWindow> findWindow(XConnection& connection, const std::string& wanted) {
    const auto failed = [&](const std::string& why) {
        return Error{Code::ScreenCaptureFailed, "screen: window \"" + wanted + "\" " + why};
    };
    if (const auto number = numbered(wanted)) {
        auto found = Titles(connection).of({*number});
        if (found.empty()) return failed("is not there: livepusher devices lists those that are");
        return std::move(found.front());
    }
    const auto all = titledWindows(connection);
    const TitledWindow* best = nullptr;
    for (const auto& window : all)
        if (base::lower(window.title).find(base::lower(wanted)) != std::string::npos &&
            (!best || window.visible >= best->visible))
            best = &window;
    if (!best) return failed(all.empty() ? "is not there, nor any other" : "is not there; there are " + listed(all));
    return *best;
}

}  // namespace livepusher::capture
