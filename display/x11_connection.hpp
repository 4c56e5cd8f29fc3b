// SPDX-License-Identifier: MIT
#pragma once

struct SDL_Window;

namespace livepusher::display {

/// Xlib ends the whole process when its X server goes away. From watch() on, the one connection that is watched is told lost
/// instead; the connections of others stay as they are. A lost one may not be used again, not even to close it: SDL would wait
/// for ever for an answer. On Wayland there is nothing to do.
class X11Connection {
public:
    X11Connection() = default;
    ~X11Connection();
    X11Connection(const X11Connection&) = delete;
    X11Connection& operator=(const X11Connection&) = delete;

    void watch(SDL_Window* window);  ///< all windows of SDL share a connection: nothing new for a second one
    bool lost() const;

private:
    bool watching_ = false;
};

}  // namespace livepusher::display
