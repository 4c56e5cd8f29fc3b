// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sound/pulse_library.hpp"

namespace livepusher::sound {

/// What a program is to the sound server, and how its errors are told.
struct PulseClient {
    const char* icon = nullptr;        ///< of the desktop's icon theme
    const char* device = nullptr;      ///< what the server calls what it opens: "source", "sink"
    pa_subscription_mask_t changes{};  ///< of which takeChanged() tells, besides the defaults
    Code denied = Code::NotAvailable;
    Code failed = Code::NotAvailable;
};
inline constexpr PulseClient kPulseMicrophone{"audio-input-microphone", "source", PA_SUBSCRIPTION_MASK_SOURCE,
                                              Code::MicrophoneDenied, Code::MicrophoneFailed};

struct PulseServer {
    std::string defaultSource;
    std::string defaultSink;
};

struct PulseSource {
    std::string name;         ///< for mic:ID
    std::string description;  ///< for people
    std::string monitorOf;    ///< the sink's name; empty: no monitor
    int sampleRate = 0;       ///< Hz
    int channels = 0;
    /// The first two channels where none of them is a loudspeaker's place (an interface's AUX 0, 1, …), which the server would
    /// not mix into left and right; empty: it does.
    std::vector<pa_channel_position_t> unplaced{};
    bool muted = false;
    bool suspended = false;
};

struct PulseSink {
    std::string name;
    std::string description{};  ///< for people
    std::string formFactor{};   ///< as the server tells it: "headphone", "handset", "internal"; empty: it doesn't
};

/// A connection to the sound server (PulseAudio, or PipeWire in its place), used by one thread, which waits in here and
/// nowhere else. No call waits longer than it is told, whatever the server does.
class PulseConnection {
public:
    /// `quit`: ends every wait; outlives this.
    PulseConnection(const PulseClient& client, const std::atomic<bool>& quit);
    PulseConnection(const PulseConnection&) = delete;
    PulseConnection& operator=(const PulseConnection&) = delete;

    /// Connects anew, unless it stands. `title` begins the messages. Errors: the client's `denied` and
    /// `failed`, Cancelled.
    Result<void> connect(const std::string& title, Timestamp until);
    bool good() const;                                             ///< it stands
    bool noServer() const { return noServer_; }                    ///< the last connect() found none
    pa_context* context() { return context_.get(); }               ///< of the last connect()
    void close() { context_.reset(); }                             ///< so that the next connect() begins anew
    bool takeChanged() { return std::exchange(changed_, false); }  ///< defaults or the list of devices are not what they were

    /// Waits at most once, and lets libpulse do what is due.
    void iterate(Timestamp until);
    /// Until it is true; false at `until`, at quit, or when the connection breaks.
    bool wait(Timestamp until, auto condition) {
        while (!condition()) {
            if (quit_ || now() >= until) return false;
            if (!PA_CONTEXT_IS_GOOD(pulse().pa_context_get_state(context_.get()))) return false;
            iterate(until);
        }
        return true;
    }
    /// The last call's failure in words, with its code.
    Error failure(const std::string& title) const;
    /// One that has its number.
    Error failure(const std::string& title, int number) const;

    // What the server says; empty: nothing, in that time.
    std::optional<PulseServer> server(Timestamp until);
    std::optional<std::vector<PulseSource>> sources(Timestamp until);
    std::optional<PulseSource> source(const std::string& name, Timestamp until);
    std::optional<std::string> monitorOf(const std::string& sink, Timestamp until);  ///< a source's name

    std::optional<std::vector<PulseSink>> sinks(Timestamp until);
    std::optional<PulseSink> sink(const std::string& name, Timestamp until);

    void wake();  ///< ends a wait. [any-thread]

private:
    /// Waits for it to be answered and gives it back.
    bool finish(pa_operation* operation, Timestamp until);

    const PulseClient client_;
    const std::atomic<bool>& quit_;
    PulsePtr<pa_mainloop> loop_;
    PulsePtr<pa_context> context_;
    bool changed_ = false;
    bool noServer_ = false;
};

}  // namespace livepusher::sound
