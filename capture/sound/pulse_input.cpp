// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <utility>

#include "base/frame_time.hpp"
#include "base/log.hpp"
#include "capture/sound/sound_input.hpp"
#include "sound/pulse_connection.hpp"

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;
using namespace sound;

constexpr Timestamp kFragment = 10ms;
constexpr Timestamp kKept = 1s;       // by the server, for a reader that is late
constexpr Timestamp kAnswer = 500ms;  // a server that takes longer for a question while it runs is hung

/// What PulseAudio calls it: "phone" for calls, "production" for what records and streams.
const char* roleName(AudioVolumeType role) { return role == AudioVolumeType::voicecall ? "phone" : "production"; }

class PulseInput final : public SoundInput {
public:
    explicit PulseInput(std::shared_ptr<const SoundOrder> order)
        : order_(std::move(order)), connection_(kPulseMicrophone, order_->quit) {}

    Result<void> open(Timestamp until) override {
        stream_.reset();
        if (auto connected = connection_.connect(order_->title(), until); !connected) return connected;
        auto device = resolve(until);
        if (!device) return device.error();
        return listen(*device, until);
    }

    Result<void> read(Timestamp until, SoundTaker& to) override {
        connection_.iterate(until);
        if (!connection_.good()) {
            stream_.reset();
            connection_.close();
            return Error{Code::MicrophoneFailed, order_->title() + ": the sound server has gone"};
        }
        if (pulse().pa_stream_get_state(stream_.get()) != PA_STREAM_READY) {
            stream_.reset();
            return Error{Code::MicrophoneFailed, order_->title() + ": has gone"};
        }
        if (order_->role != role_) tellRole();
        if (connection_.takeChanged() || deviceNow() != device_.name) {
            if (auto followed = follow(); !followed) return followed;
        }
        return drain(to);
    }

    std::string name() const override { return device_.description.empty() ? device_.name : device_.description; }

    std::string whySilent() override {
        const auto device = connection_.source(device_.name, now() + kAnswer);
        if (!device) return "the sound server does not answer";
        if (device->suspended || pulse().pa_stream_is_suspended(stream_.get()) > 0)
            return "it is suspended: pactl suspend-source " + device->name + " 0";
        if (device->muted) return "it is muted: pactl set-source-mute " + device->name + " 0";
        return "";
    }

    bool noServer() const override { return connection_.noServer(); }
    void wake() override { connection_.wake(); }

private:
    bool system() const { return order_->kind == SourceKind::System; }
    std::string deviceNow() const {
        const char* told = pulse().pa_stream_get_device_name(stream_.get());
        return told ? told : "";
    }
    Error failed(const std::string& what) const { return {Code::MicrophoneFailed, order_->title() + ": " + what}; }
    Error unanswered() const {
        if (order_->quit) return {Code::Cancelled, order_->title() + ": given up while it was being opened"};
        return connection_.good() ? connection_.failure(order_->title(), PA_ERR_TIMEOUT) : failed("the sound server has gone");
    }

    Result<PulseSource> resolve(Timestamp until);
    Result<PulseSource> look(const std::string& source, Timestamp until);
    Result<void> listen(const PulseSource& device, Timestamp until);
    Result<void> follow();
    Result<void> drain(SoundTaker& to);
    void tellRole();

    const std::shared_ptr<const SoundOrder> order_;
    PulseConnection connection_;
    PulsePtr<pa_stream> stream_;
    AudioVolumeType role_{};
    PulseServer server_;      ///< its defaults when the stream was opened or last followed
    PulseSource device_;      ///< what is heard
    bool heardReal_ = false;  ///< once a microphone was heard, what the machine plays is no substitute
};

Result<PulseSource> PulseInput::look(const std::string& source, Timestamp until) {
    if (auto found = connection_.source(source, until)) return *found;
    if (order_->quit || !connection_.good() || now() >= until) return unanswered();
    return connection_.failure(order_->title(), PA_ERR_NOENTITY);
}

/// Which source is meant.
Result<PulseSource> PulseInput::resolve(Timestamp until) {
    const auto told = connection_.server(until);
    if (!told) return unanswered();
    server_ = *told;
    if (!system()) {
        if (!order_->id.empty()) return look(order_->id, until);
        if (server_.defaultSource.empty()) return failed("the sound server has no microphone; plug one in");
        auto found = look(server_.defaultSource, until);
        if (!found || found->monitorOf.empty()) return found;
        if (heardReal_) return failed("the sound server has no microphone left; plug one in");
        base::log(LogLevel::Warning, "microphone: the sound server's default source is \"" + found->name +
                                         "\", which hears what the machine plays; \"livepusher devices\" lists the others");
        return found;
    }
    const auto& sink = order_->id.empty() ? server_.defaultSink : order_->id;
    if (sink.empty()) return failed("the sound server has no output (sink) to listen to; plug one in");
    if (const auto monitor = connection_.monitorOf(sink, until)) return look(*monitor, until);
    if (order_->quit || !connection_.good() || now() >= until) return unanswered();
    auto source = look(sink, until);  // the monitor itself may be named too
    if (source && source->monitorOf.empty()) return failed("is a microphone, not what the machine plays: use mic:" + order_->id);
    return source;
}

Result<void> PulseInput::listen(const PulseSource& device, Timestamp until) {
    const auto channels = static_cast<unsigned>(order_->wanted.channels);
    const pa_sample_spec form{PA_SAMPLE_FLOAT32NE, static_cast<std::uint32_t>(order_->wanted.sampleRate),
                              static_cast<std::uint8_t>(channels)};
    pa_channel_map map{};
    pulse().pa_channel_map_init_extend(&map, channels, PA_CHANNEL_MAP_DEFAULT);
    // Asked for by their own names they come as they are, the first two in their order.
    if (device.unplaced.size() == channels) std::copy(device.unplaced.begin(), device.unplaced.end(), map.map);
    const bool single = !device.unplaced.empty() && device.unplaced.size() < channels;
    if (single) std::fill_n(map.map, channels, PA_CHANNEL_POSITION_MONO);
    role_ = order_->role;
    const PulsePtr<pa_proplist> properties(pulse().pa_proplist_new());
    pulse().pa_proplist_sets(properties.get(), PA_PROP_MEDIA_ROLE, roleName(role_));
    pulse().pa_proplist_sets(properties.get(), PA_PROP_MEDIA_ICON_NAME, "audio-input-microphone");
    stream_.reset(pulse().pa_stream_new_with_proplist(connection_.context(), system() ? "system sound" : "microphone", &form,
                                                      &map, properties.get()));
    if (!stream_) return connection_.failure(order_->title());
    const auto bytes = [&](Timestamp time) {
        return static_cast<std::uint32_t>(static_cast<std::int64_t>(form.rate) * time.count() / 1'000'000) * channels * 4;
    };
    const pa_buffer_attr buffer{bytes(kKept), UINT32_MAX, UINT32_MAX, UINT32_MAX, bytes(kFragment)};
    int flags = PA_STREAM_ADJUST_LATENCY | PA_STREAM_AUTO_TIMING_UPDATE | PA_STREAM_INTERPOLATE_TIMING;
    // The server may move what the user has not chosen, to another default. What has been named is heard or nothing is;
    // and what the machine plays must never become a microphone.
    const bool movable = !system() && order_->id.empty();
    if (!movable) flags |= PA_STREAM_DONT_MOVE;
    const auto state = [&] { return pulse().pa_stream_get_state(stream_.get()); };
    if (pulse().pa_stream_connect_record(stream_.get(), movable ? nullptr : device.name.c_str(), &buffer,
                                         static_cast<pa_stream_flags_t>(flags)) >= 0)
        connection_.wait(until, [&] { return state() != PA_STREAM_CREATING; });
    if (state() == PA_STREAM_READY) {
        device_ = device;
        heardReal_ = heardReal_ || device_.monitorOf.empty();
        return {};
    }
    auto why = !connection_.good() || order_->quit || state() == PA_STREAM_CREATING ? unanswered()
                                                                                    : connection_.failure(order_->title());
    stream_.reset();
    return why;
}

/// The list of sources or the defaults have changed, or the server has moved the stream.
Result<void> PulseInput::follow() {
    const auto told = connection_.server(now() + kAnswer);
    if (!told) return {};  // if it has gone, the next read() sees that
    const auto before = std::exchange(server_, *told);
    if (!order_->id.empty()) return {};
    if (system()) {
        if (server_.defaultSink == before.defaultSink) return {};
        if (auto opened = open(now() + kAnswer); !opened) return opened;
        base::log(LogLevel::Info, "system sound: follows the default to " + name());
        return {};
    }
    if (const auto device = deviceNow(); device != device_.name) {
        const auto found = connection_.source(device, now() + kAnswer);
        if (!found) return {};
        if (!found->monitorOf.empty() && heardReal_ && device == server_.defaultSource) {
            stream_.reset();
            return failed("has gone, and the sound server has no other");
        }
        const bool placed = found->unplaced == device_.unplaced;
        if (placed) device_ = *found;
        if (!placed)  // what the stream asks for are not that one's channels
            if (auto opened = listen(*found, now() + kAnswer); !opened) return opened;
        base::log(LogLevel::Info, "microphone: the sound server moved it to " + name());
        return {};
    }
    if (server_.defaultSource == before.defaultSource || device_.name != before.defaultSource) return {};
    const auto found = connection_.source(server_.defaultSource, now() + kAnswer);
    if (!found || found->name == device_.name || (heardReal_ && !found->monitorOf.empty())) return {};
    if (auto opened = listen(*found, now() + kAnswer); !opened) return opened;
    base::log(LogLevel::Info, "microphone: follows the default to " + name());
    return {};
}

void PulseInput::tellRole() {
    role_ = order_->role;
    const PulsePtr<pa_proplist> properties(pulse().pa_proplist_new());
    pulse().pa_proplist_sets(properties.get(), PA_PROP_MEDIA_ROLE, roleName(role_));
    auto* asked = pulse().pa_stream_proplist_update(stream_.get(), PA_UPDATE_REPLACE, properties.get(), nullptr, nullptr);
    if (asked) pulse().pa_operation_unref(asked);
}

Result<void> PulseInput::drain(SoundTaker& to) {
    const auto width = static_cast<std::size_t>(order_->wanted.channels) * sizeof(float);
    const auto length = [&](std::size_t bytes) { return base::lengthOf(bytes / width, order_->wanted.sampleRate); };
    while (!order_->quit) {
        const auto waiting = pulse().pa_stream_readable_size(stream_.get());
        if (waiting == 0 || waiting == static_cast<std::size_t>(-1)) return {};
        const void* data = nullptr;
        std::size_t size = 0;
        if (pulse().pa_stream_peek(stream_.get(), &data, &size) < 0 || size == 0) return {};
        if (data) {  // else it is a hole
            pa_usec_t told = 0;
            int ahead = 0;
            if (pulse().pa_stream_get_latency(stream_.get(), &told, &ahead) < 0 || ahead) told = 0;
            to.take({.samples = data,
                     .frames = size / width,
                     .format = AV_SAMPLE_FMT_FLT,
                     .sampleRate = order_->wanted.sampleRate,
                     .channels = order_->wanted.channels,
                     .told = Timestamp(static_cast<std::int64_t>(std::min<pa_usec_t>(told, 3'600'000'000U))),
                     .waiting = length(waiting)});
        }
        pulse().pa_stream_drop(stream_.get());
    }
    return {};
}

}  // namespace

std::unique_ptr<SoundInput> makePulseInput(std::shared_ptr<const SoundOrder> order) {
    return std::make_unique<PulseInput>(std::move(order));
}

}  // namespace livepusher::capture
