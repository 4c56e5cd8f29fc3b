// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstdlib>
#include <memory>
#include <string>

#include "capture/screen/interruption.hpp"
#include "capture/screen/x11.hpp"

namespace livepusher::capture {

/// The X display to capture from: what was asked for, else DISPLAY. Errors: ScreenCaptureUnsupported, with what to do,
/// which under Wayland is another thing than without any desktop. [any-thread]
Result<std::string> displayName(const std::string& asked);

struct XFree {
    void operator()(void* memory) const { std::free(memory); }
};
template <typename Reply>
using XReply = std::unique_ptr<Reply, XFree>;

/// One connection to an X server and one of its screens. No wait in it is longer than it is told. Belongs to one thread.
class XConnection {
public:
    /// How long a server may take for an answer that nothing can go on without.
    static constexpr Timestamp kPatience{2'000'000};

    /// `interruption` must outlive it. May wait for as long as the server takes to greet.
    /// Errors: ScreenCaptureFailed, ScreenCaptureUnsupported, with what to do about it.
    static Result<std::unique_ptr<XConnection>> open(const std::string& display, Interruption& interruption);
    ~XConnection();
    XConnection(const XConnection&) = delete;
    XConnection& operator=(const XConnection&) = delete;

    xcb_connection_t* raw() const { return connection_; }
    xcb_window_t root() const { return screen_->root; }
    int screenNumber() const { return number_; }
    bool alive() const { return x11().xcb_connection_has_error(connection_) == 0; }
    /// The server is on this machine and can be given memory.
    bool isLocal() const;

    /// Whether the answer to a request has come; `reply` is null when it was an error, and `sequence` is 0 from then on, which
    /// stands for no request.
    template <typename Reply>
    bool poll(unsigned& sequence, XReply<Reply>& reply) {
        void* came = nullptr;
        if (sequence == 0 || !pollAny(sequence, came)) return false;
        sequence = 0;
        reply.reset(static_cast<Reply*>(came));
        return true;
    }
    /// Waits for something from the server; false: nothing came before `until`, or the connection is gone, or the wait was ended.
    bool pause(Timestamp until);
    /// Sends what is still held back and waits for the answer. Null: an error, or none in time.
    template <typename Reply>
    XReply<Reply> wait(unsigned sequence) {
        return XReply<Reply>(static_cast<Reply*>(waitAny(sequence)));
    }
    /// The next event that has come; null: there is none.
    XReply<xcb_generic_event_t> event() { return XReply<xcb_generic_event_t>(x11().xcb_poll_for_event(connection_)); }

    /// Number of the extension's first event; -1: the server doesn't have it.
    int firstEvent(const char* extension);
    /// A name's number; 0: nobody has used it yet.
    xcb_atom_t atom(const char* name);

private:
    XConnection(xcb_connection_t* connection, Interruption& interruption)
        : connection_(connection), interruption_(interruption) {}
    bool pollAny(unsigned sequence, void*& reply);
    void* waitAny(unsigned sequence);
    Result<void> findScreen(const std::string& display, int number);

    xcb_connection_t* const connection_;
    Interruption& interruption_;
    const xcb_screen_t* screen_ = nullptr;
    int number_ = 0;
};

}  // namespace livepusher::capture
