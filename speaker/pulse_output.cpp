// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/frame_time.hpp"
#include "base/log.hpp"
#include "sound/pulse_connection.hpp"
#include "speaker/sound_output.hpp"

namespace livepusher::speaker {
namespace {

using namespace std::chrono_literals;
using namespace sound;

constexpr Timestamp kAnswer = 500ms;  // a server that takes longer for a question while it runs is hung
constexpr Timestamp kAsk = 100ms;     // how often it is asked what is heard
constexpr Timestamp kAsleep = 300ms;  // that long it is no more than waking up
constexpr Timestamp kRequest = 10ms;  // as much at once as it asks for
constexpr std::size_t kFrame = sizeof(float) * static_cast<std::size_t>(kFormat.channels);

constexpr PulseClient kPulseSpeaker{"audio-speakers", "sink", PA_SUBSCRIPTION_MASK_SINK, Code::NotAvailable, Code::NotAvailable};

/// What PulseAudio calls it: it may lower or mute others while there is a "phone".
const char* roleName(Role role) { return role == Role::Ear ? "phone" : "video"; }

std::uint32_t bytesIn(Timestamp time) {
    return static_cast<std::uint32_t>(base::framesIn(time, kFormat.sampleRate)) * static_cast<std::uint32_t>(kFrame);
}

class PulseOutput final : public SoundOutput {
public:
    explicit PulseOutput(std::shared_ptr<const OutputOrder> order)
        : order_(std::move(order)), connection_(kPulseSpeaker, order_->quit) {}
    ~PulseOutput() override { closeStream(); }

    Result<void> open(Timestamp until) override;
    Result<void> play(Timestamp until, Feed& feed) override;
    std::string name() const override { return device_.description.empty() ? device_.name : device_.description; }
    bool noServer() const override { return connection_.noServer(); }
    void wake() override { connection_.wake(); }

private:
    std::string sinkNow() const {
        const char* told = pulse().pa_stream_get_device_name(stream_.get());
        return told ? told : "";
    }
    Error failed(const std::string& what) const { return {Code::NotAvailable, order_->title() + ": " + what}; }
    Error suspended() const { return failed("the sink is suspended: pactl suspend-sink " + sinkNow() + " 0"); }
    Error unanswered() const {
        if (order_->quit) return {Code::Cancelled, order_->title() + ": given up while it was being opened"};
        return connection_.good() ? connection_.failure(order_->title(), PA_ERR_TIMEOUT) : failed("the sound server has gone");
    }
    Result<void> alive();
    std::string earSink(Timestamp until);
    Result<void> connect(const std::string& sink, Timestamp until);
    void closeStream();
    Result<void> write(Feed& feed);
    void begin();
    void ask();
    void answered(bool good);
    void follow(Feed& feed);
    void takeOrders();
    void move();

    const std::shared_ptr<const OutputOrder> order_;
    PulseConnection connection_;
    PulsePtr<pa_stream> stream_;
    PulseSink device_;  ///< what it plays on
    Role role_{};       ///< as the server has been told
    std::int64_t latency_ = 0;
    bool warned_ = false;  ///< that there is no sink for the ear

    Feed* feed_ = nullptr;    ///< during play(), for what is called back
    bool begun_ = false;      ///< its buffer has been filled once
    std::int64_t first_ = 0;  ///< of the feed's frames, the first that was written to the stream
    pa_operation* asked_ = nullptr;
    Timestamp askedAt_{};
    Timestamp awake_{};  ///< the sink was, then
};

Result<void> PulseOutput::open(Timestamp until) {
    closeStream();
    if (auto connected = connection_.connect(order_->title(), until); !connected) return connected;
    std::string sink = order_->device;
    if (!sink.empty() && !connection_.sink(sink, until)) {
        if (order_->quit || !connection_.good() || now() >= until) return unanswered();
        return connection_.failure(order_->title(), PA_ERR_NOENTITY);
    }
    role_ = order_->role;
    latency_ = order_->latency;
    if (sink.empty() && role_ == Role::Ear) sink = earSink(until);
    return connect(sink, until);
}

/// Empty: there is none, or the server does not tell.
std::string PulseOutput::earSink(Timestamp until) {
    const auto sinks = connection_.sinks(until);
    if (!sinks) return "";
    for (const char* form : {"handset", "headset", "headphone"})
        for (const auto& sink : *sinks)
            if (sink.formFactor == form) return sink.name;
    if (!std::exchange(warned_, true))
        base::log(LogLevel::Warning, order_->title() +
                                         ": soundMode ear: the sound server has no handset, headset or headphones; "
                                         "the sound stays where it is");
    return "";
}

Result<void> PulseOutput::connect(const std::string& sink, Timestamp until) {
    const pa_sample_spec form{PA_SAMPLE_FLOAT32NE, kFormat.sampleRate, static_cast<std::uint8_t>(kFormat.channels)};
    const PulsePtr<pa_proplist> properties(pulse().pa_proplist_new());
    pulse().pa_proplist_sets(properties.get(), PA_PROP_MEDIA_ROLE, roleName(role_));
    stream_.reset(pulse().pa_stream_new_with_proplist(connection_.context(), "player", &form, nullptr, properties.get()));
    if (!stream_) return connection_.failure(order_->title());
    const auto length = bytesIn(Timestamp(latency_));
    const pa_buffer_attr buffer{UINT32_MAX, length, length, bytesIn(kRequest), UINT32_MAX};
    int flags = PA_STREAM_ADJUST_LATENCY;
    // What has been named is heard there or not at all; the rest goes where the server and the user want it.
    if (!order_->device.empty()) flags |= PA_STREAM_DONT_MOVE;
    const auto state = [&] { return pulse().pa_stream_get_state(stream_.get()); };
    if (pulse().pa_stream_connect_playback(stream_.get(), sink.empty() ? nullptr : sink.c_str(), &buffer,
                                           static_cast<pa_stream_flags_t>(flags), nullptr, nullptr) >= 0)
        connection_.wait(until, [&] { return state() != PA_STREAM_CREATING; });
    Error why;
    if (state() == PA_STREAM_READY) {
        if (pulse().pa_stream_is_suspended(stream_.get()) <= 0) {
            device_ = connection_.sink(sinkNow(), until).value_or(PulseSink{.name = sinkNow()});
            awake_ = now();
            if (connection_.good()) return {};
        }
        why = connection_.good() ? suspended() : unanswered();
    } else {
        const bool silent = !connection_.good() || order_->quit || state() == PA_STREAM_CREATING;
        why = silent ? unanswered() : connection_.failure(order_->title());
    }
    closeStream();
    return why;
}

void PulseOutput::closeStream() {
    if (asked_) {
        pulse().pa_operation_cancel(asked_);
        pulse().pa_operation_unref(std::exchange(asked_, nullptr));
    }
    stream_.reset();
    begun_ = false;
}

Result<void> PulseOutput::alive() {
    if (!connection_.good()) {
        closeStream();
        connection_.close();
        return failed("the sound server has gone");
    }
    if (pulse().pa_stream_get_state(stream_.get()) != PA_STREAM_READY) {
        closeStream();
        return failed("has gone");
    }
    // A move to a sink that slept looks like that for a moment.
    if (pulse().pa_stream_is_suspended(stream_.get()) <= 0) {
        awake_ = now();
    } else if (now() - awake_ > kAsleep) {
        auto why = suspended();
        closeStream();
        return why;
    }
    return {};
}

Result<void> PulseOutput::play(Timestamp until, Feed& feed) {
    feed_ = &feed;
    if (begun_) connection_.iterate(until);
    auto good = alive();
    if (good) good = write(feed);
    if (good) {
        if (connection_.takeChanged() || sinkNow() != device_.name) follow(feed);
        takeOrders();
        ask();
    }
    feed_ = nullptr;
    return good;
}

Result<void> PulseOutput::write(Feed& feed) {
    if (!begun_) first_ = feed.filled();
    bool wrote = false;
    while (!order_->quit) {
        const auto room = pulse().pa_stream_writable_size(stream_.get());
        if (room == static_cast<std::size_t>(-1) || room < kFrame) break;
        void* data = nullptr;
        std::size_t size = room;
        if (pulse().pa_stream_begin_write(stream_.get(), &data, &size) < 0) break;
        size = std::min(size, room) / kFrame * kFrame;
        const bool mine = feed.fill({static_cast<float*>(data), size / sizeof(float)});
        if (!mine || size == 0) pulse().pa_stream_cancel_write(stream_.get());
        if (!mine) {
            closeStream();
            return outputGivenUp(*order_);
        }
        if (size == 0 || pulse().pa_stream_write(stream_.get(), data, size, nullptr, 0, PA_SEEK_RELATIVE) < 0) break;
        wrote = true;
    }
    if (wrote && !std::exchange(begun_, true)) begin();
    return {};
}

/// From now on time goes on whatever happens: what came too late is left out, and not played later.
void PulseOutput::begin() {
    const auto length = bytesIn(Timestamp(latency_));
    const pa_buffer_attr buffer{UINT32_MAX, length, 0, bytesIn(kRequest), UINT32_MAX};
    if (auto* told = pulse().pa_stream_set_buffer_attr(stream_.get(), &buffer, nullptr, nullptr))
        pulse().pa_operation_unref(told);
}

void PulseOutput::ask() {
    if (asked_ || !begun_ || now() < askedAt_ + kAsk) return;
    askedAt_ = now();
    asked_ = pulse().pa_stream_update_timing_info(
        stream_.get(), [](pa_stream*, int good, void* self) { static_cast<PulseOutput*>(self)->answered(good != 0); }, this);
}

/// The server's own figures, and not what libpulse makes of them: the line through them is made by who asks for it.
void PulseOutput::answered(bool good) {
    const auto at = askedAt_ + (now() - askedAt_) / 2;  // there and back take as long
    if (asked_) pulse().pa_operation_unref(std::exchange(asked_, nullptr));
    const auto* info = good ? pulse().pa_stream_get_timing_info(stream_.get()) : nullptr;
    if (!feed_ || !info || info->read_index_corrupt || !info->playing) return;
    const auto read = info->read_index / static_cast<std::int64_t>(kFrame);
    const auto beyond = base::framesIn(Timestamp(static_cast<std::int64_t>(info->sink_usec)), kFormat.sampleRate);
    feed_->heard(first_ + read - beyond, at);
}

void PulseOutput::follow(Feed& feed) {
    if (const auto sink = sinkNow(); sink != device_.name) {
        device_ = connection_.sink(sink, now() + kAnswer).value_or(PulseSink{.name = sink});
        feed.moved(name());
    }
    if (role_ == Role::Ear) move();
}

void PulseOutput::takeOrders() {
    if (order_->role != role_) {
        role_ = order_->role;
        warned_ = false;
        const PulsePtr<pa_proplist> properties(pulse().pa_proplist_new());
        pulse().pa_proplist_sets(properties.get(), PA_PROP_MEDIA_ROLE, roleName(role_));
        auto* told = pulse().pa_stream_proplist_update(stream_.get(), PA_UPDATE_REPLACE, properties.get(), nullptr, nullptr);
        if (told) pulse().pa_operation_unref(told);
        move();
    }
    if (order_->latency != latency_) {
        latency_ = order_->latency;
        begin();
    }
}

/// To where its role is heard; that it has got there is seen by follow().
void PulseOutput::move() {
    if (!order_->device.empty()) return;
    std::string sink;
    if (role_ == Role::Ear) {
        sink = earSink(now() + kAnswer);
    } else if (const auto server = connection_.server(now() + kAnswer)) {
        sink = server->defaultSink;
    }
    if (sink.empty() || sink == sinkNow() || !connection_.good()) return;
    auto* told = pulse().pa_context_move_sink_input_by_name(connection_.context(), pulse().pa_stream_get_index(stream_.get()),
                                                            sink.c_str(), nullptr, nullptr);
    if (told) pulse().pa_operation_unref(told);
}

}  // namespace

std::unique_ptr<SoundOutput> makePulseOutput(std::shared_ptr<const OutputOrder> order) {
    return std::make_unique<PulseOutput>(std::move(order));
}

}  // namespace livepusher::speaker
