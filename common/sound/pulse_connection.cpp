// SPDX-License-Identifier: MIT
#include "sound/pulse_connection.hpp"

#include <livepusher/version.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "base/environment.hpp"

namespace livepusher::sound {
namespace {

/// Where the server's socket should be, as far as the environment tells; empty: elsewhere.
std::string socketPath() {
    auto server = base::environment("PULSE_SERVER");
    if (!server.empty()) {
        if (server.starts_with("unix:")) server = server.substr(5);
        return server.starts_with("/") ? server : "";
    }
    if (const auto folder = base::environment("PULSE_RUNTIME_PATH"); !folder.empty()) return folder + "/native";
    if (const auto folder = base::environment("XDG_RUNTIME_DIR"); !folder.empty()) return folder + "/pulse/native";
    return "/var/run/pulse/native";
}

/// libpulse says "connection refused" to everything that keeps it from a socket.
bool socketForbidden() {
    const auto path = socketPath();
    return !path.empty() && access(path.c_str(), W_OK) != 0 && errno == EACCES;
}

std::vector<pa_channel_position_t> unplaced(const pa_channel_map& map) {
    const auto isAux = [](pa_channel_position_t place) {
        return place >= PA_CHANNEL_POSITION_AUX0 && place <= PA_CHANNEL_POSITION_AUX31;
    };
    const auto *first = std::begin(map.map), *end = first + map.channels;
    if (map.channels == 0 || !std::all_of(first, end, isAux)) return {};
    return {first, first + std::min<int>(map.channels, 2)};
}

PulseSource toSource(const pa_source_info& info) {
    return {.name = info.name,
            .description = info.description ? info.description : info.name,
            .monitorOf = info.monitor_of_sink_name ? info.monitor_of_sink_name : "",
            .sampleRate = static_cast<int>(info.sample_spec.rate),
            .channels = info.sample_spec.channels,
            .unplaced = unplaced(info.channel_map),
            .muted = info.mute != 0,
            .suspended = info.state == PA_SOURCE_SUSPENDED};
}

PulseSink toSink(const pa_sink_info& info) {
    const char* form = pulse().pa_proplist_gets(info.proplist, PA_PROP_DEVICE_FORM_FACTOR);
    return {.name = info.name, .description = info.description ? info.description : info.name, .formFactor = form ? form : ""};
}

/// What keeps a program from a server that is there.
bool refuses(int number) { return number == PA_ERR_ACCESS || number == PA_ERR_AUTHKEY || socketForbidden(); }

}  // namespace

PulseConnection::PulseConnection(const PulseClient& client, const std::atomic<bool>& quit) : client_(client), quit_(quit) {
    if (loadPulse()) loop_.reset(pulse().pa_mainloop_new());
}

bool PulseConnection::good() const { return context_ && pulse().pa_context_get_state(context_.get()) == PA_CONTEXT_READY; }

Result<void> PulseConnection::connect(const std::string& title, Timestamp until) {
    if (good()) return {};
    noServer_ = true;
    if (auto loaded = loadPulse(); !loaded) return Error{client_.failed, title + ": " + loaded.error().message};
    const PulsePtr<pa_proplist> properties(pulse().pa_proplist_new());
    pulse().pa_proplist_sets(properties.get(), PA_PROP_APPLICATION_NAME, "livepusher");
    pulse().pa_proplist_sets(properties.get(), PA_PROP_APPLICATION_ICON_NAME, client_.icon);
    pulse().pa_proplist_sets(properties.get(), PA_PROP_APPLICATION_VERSION, LIVEPUSHER_VERSION_STRING);
    context_.reset(
        pulse().pa_context_new_with_proplist(pulse().pa_mainloop_get_api(loop_.get()), "livepusher", properties.get()));
    changed_ = false;
    // No library of a program starts a sound server for it.
    if (pulse().pa_context_connect(context_.get(), nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr) >= 0)
        wait(until, [&] { return good(); });
    if (quit_) return Error{Code::Cancelled, title + ": given up while it was being opened"};
    if (!good()) {
        const auto state = pulse().pa_context_get_state(context_.get());
        auto why = PA_CONTEXT_IS_GOOD(state) && state != PA_CONTEXT_UNCONNECTED ? failure(title, PA_ERR_TIMEOUT) : failure(title);
        noServer_ = !refuses(why.native) && why.native != PA_ERR_TIMEOUT;
        close();
        return why;
    }
    noServer_ = false;
    pulse().pa_context_set_subscribe_callback(
        context_.get(),
        [](pa_context*, pa_subscription_event_type_t event, std::uint32_t, void* self) {
            const int what = event & PA_SUBSCRIPTION_EVENT_FACILITY_MASK;
            const int how = event & PA_SUBSCRIPTION_EVENT_TYPE_MASK;
            // Of devices only that there is one more or less: their volumes and states change often.
            if (what == PA_SUBSCRIPTION_EVENT_SERVER || how != PA_SUBSCRIPTION_EVENT_CHANGE)
                static_cast<PulseConnection*>(self)->changed_ = true;
        },
        this);
    const auto mask = static_cast<pa_subscription_mask_t>(PA_SUBSCRIPTION_MASK_SERVER | client_.changes);
    if (auto* asked = pulse().pa_context_subscribe(context_.get(), mask, nullptr, nullptr)) pulse().pa_operation_unref(asked);
    return {};
}

void PulseConnection::iterate(Timestamp until) {
    const auto left = std::clamp<std::int64_t>((until - now()).count(), 0, 1'000'000);
    if (pulse().pa_mainloop_prepare(loop_.get(), static_cast<int>(left)) < 0) return;
    // Preparing forgets earlier wakes: the one that came with a quit must not be.
    if (quit_) wake();
    if (pulse().pa_mainloop_poll(loop_.get()) >= 0) pulse().pa_mainloop_dispatch(loop_.get());
}

void PulseConnection::wake() {
    if (loop_) pulse().pa_mainloop_wakeup(loop_.get());
}

Error PulseConnection::failure(const std::string& title) const {
    return failure(title, context_ ? pulse().pa_context_errno(context_.get()) : PA_ERR_CONNECTIONREFUSED);
}

Error PulseConnection::failure(const std::string& title, int number) const {
    const auto say = [&](Code code, const std::string& text) { return Error{code, title + ": " + text, number}; };
    switch (number) {
        case PA_ERR_ACCESS:
        case PA_ERR_AUTHKEY:
            return say(client_.denied,
                       "the sound server refuses access: run as the user whose server it is, or give its cookie "
                       "(PULSE_COOKIE, ~/.config/pulse/cookie)");
        case PA_ERR_CONNECTIONREFUSED:
        case PA_ERR_CONNECTIONTERMINATED:
        case PA_ERR_INVALIDSERVER:
        case PA_ERR_NODATA:  // its words for a name that gives no address
            if (socketForbidden())
                return say(client_.denied, "the sound server's socket " + socketPath() +
                                               " may not be opened: run as the user whose server it is, or set PULSE_SERVER");
            return say(client_.failed, "no sound server answers: start PulseAudio or PipeWire, or set PULSE_SERVER");
        case PA_ERR_NOENTITY:
            return say(client_.failed, std::string("the sound server has no such ") + client_.device +
                                           "; plug it in, or name one that \"livepusher devices\" lists");
        case PA_ERR_BUSY: return say(client_.failed, "is in use by another program");
        case PA_ERR_TIMEOUT:
            return say(client_.failed, "the sound server does not answer: restart it (systemctl --user restart pipewire-pulse)");
        case PA_ERR_KILLED: return say(client_.failed, "has gone, or the sound server ended its stream");
        default: return say(client_.failed, std::string("the sound server says: ") + pulse().pa_strerror(number));
    }
}

bool PulseConnection::finish(pa_operation* operation, Timestamp until) {
    if (!operation) return false;
    const bool answered = wait(until, [&] { return pulse().pa_operation_get_state(operation) != PA_OPERATION_RUNNING; });
    if (!answered) pulse().pa_operation_cancel(operation);
    const bool done = pulse().pa_operation_get_state(operation) == PA_OPERATION_DONE;
    pulse().pa_operation_unref(operation);
    return done;
}

std::optional<PulseServer> PulseConnection::server(Timestamp until) {
    std::optional<PulseServer> told;
    const auto note = [](pa_context*, const pa_server_info* info, void* to) {
        if (!info) return;
        *static_cast<std::optional<PulseServer>*>(to) = PulseServer{info->default_source_name ? info->default_source_name : "",
                                                                    info->default_sink_name ? info->default_sink_name : ""};
    };
    finish(pulse().pa_context_get_server_info(context_.get(), note, &told), until);
    return told;
}

std::optional<std::vector<PulseSource>> PulseConnection::sources(Timestamp until) {
    std::vector<PulseSource> told;
    const auto note = [](pa_context*, const pa_source_info* info, int, void* to) {
        if (info) static_cast<std::vector<PulseSource>*>(to)->push_back(toSource(*info));
    };
    if (!finish(pulse().pa_context_get_source_info_list(context_.get(), note, &told), until)) return std::nullopt;
    return told;
}

std::optional<PulseSource> PulseConnection::source(const std::string& name, Timestamp until) {
    std::optional<PulseSource> told;
    const auto note = [](pa_context*, const pa_source_info* info, int, void* to) {
        if (info) *static_cast<std::optional<PulseSource>*>(to) = toSource(*info);
    };
    finish(pulse().pa_context_get_source_info_by_name(context_.get(), name.c_str(), note, &told), until);
    return told;
}

std::optional<std::string> PulseConnection::monitorOf(const std::string& sink, Timestamp until) {
    std::optional<std::string> told;
    const auto note = [](pa_context*, const pa_sink_info* info, int, void* to) {
        if (info && info->monitor_source_name) *static_cast<std::optional<std::string>*>(to) = info->monitor_source_name;
    };
    finish(pulse().pa_context_get_sink_info_by_name(context_.get(), sink.c_str(), note, &told), until);
    return told;
}

std::optional<std::vector<PulseSink>> PulseConnection::sinks(Timestamp until) {
    std::vector<PulseSink> told;
    const auto note = [](pa_context*, const pa_sink_info* info, int, void* to) {
        if (info) static_cast<std::vector<PulseSink>*>(to)->push_back(toSink(*info));
    };
    if (!finish(pulse().pa_context_get_sink_info_list(context_.get(), note, &told), until)) return std::nullopt;
    return told;
}

std::optional<PulseSink> PulseConnection::sink(const std::string& name, Timestamp until) {
    std::optional<PulseSink> told;
    const auto note = [](pa_context*, const pa_sink_info* info, int, void* to) {
        if (info) *static_cast<std::optional<PulseSink>*>(to) = toSink(*info);
    };
    finish(pulse().pa_context_get_sink_info_by_name(context_.get(), name.c_str(), note, &told), until);
    return told;
}

}  // namespace livepusher::sound
