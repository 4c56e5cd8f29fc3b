// SPDX-License-Identifier: MIT
#include <livepusher/devices.hpp>
#include <livepusher/json.hpp>
#include <livepusher/log.hpp>

#include "c_api/asking.hpp"
#include "c_api/handle.hpp"

#include <cstdlib>

using namespace livepusher;
using namespace livepusher::c_api;

namespace {

// What has numbers in both has the same.
static_assert(static_cast<int>(State::Idle) == LIVEPUSHER_STATE_IDLE);
static_assert(static_cast<int>(State::Previewing) == LIVEPUSHER_STATE_PREVIEWING);
static_assert(static_cast<int>(State::Connecting) == LIVEPUSHER_STATE_CONNECTING);
static_assert(static_cast<int>(State::Pushing) == LIVEPUSHER_STATE_PUSHING);
static_assert(static_cast<int>(State::Paused) == LIVEPUSHER_STATE_PAUSED);
static_assert(static_cast<int>(State::Reconnecting) == LIVEPUSHER_STATE_RECONNECTING);
static_assert(static_cast<int>(SnapshotQuality::raw) == LIVEPUSHER_SNAPSHOT_RAW);
static_assert(static_cast<int>(SnapshotQuality::compressed) == LIVEPUSHER_SNAPSHOT_COMPRESSED);
static_assert(static_cast<int>(SnapshotSource::stream) == LIVEPUSHER_SNAPSHOT_STREAM);
static_assert(static_cast<int>(SnapshotSource::view) == LIVEPUSHER_SNAPSHOT_VIEW);
static_assert(static_cast<int>(PixelFormat::I420) == LIVEPUSHER_PIXEL_I420);
static_assert(static_cast<int>(PixelFormat::NV12) == LIVEPUSHER_PIXEL_NV12);
static_assert(static_cast<int>(PixelFormat::Rgba) == LIVEPUSHER_PIXEL_RGBA);
static_assert(static_cast<int>(SampleFormat::Float) == LIVEPUSHER_SAMPLE_FLOAT);
static_assert(static_cast<int>(SampleFormat::S16) == LIVEPUSHER_SAMPLE_S16);
static_assert(static_cast<int>(LogLevel::Trace) == LIVEPUSHER_LOG_TRACE);
static_assert(static_cast<int>(LogLevel::Off) == LIVEPUSHER_LOG_OFF);

}  // namespace

const char* livepusher_version(void) { return LIVEPUSHER_VERSION_STRING; }
const char* livepusher_last_error(void) { return lastError(); }
void livepusher_free(void* text) { std::free(text); }
int64_t livepusher_now(void) { return now().count(); }

// The table's texts are literals: what their views point to ends with a NUL.
const char* livepusher_code_name(int code) { return describeCode(code) ? describeCode(code)->name.data() : nullptr; }
const char* livepusher_code_text(int code) { return describeCode(code) ? describeCode(code)->text.data() : nullptr; }
const char* livepusher_code_advice(int code) { return describeCode(code) ? describeCode(code)->advice.data() : nullptr; }

const char* livepusher_state_name(int state) {
    if (state < LIVEPUSHER_STATE_IDLE || state > LIVEPUSHER_STATE_RECONNECTING) return nullptr;
    return toString(static_cast<State>(state)).data();  // likewise
}

int livepusher_set_log_handler(livepusher_log_fn handler, void* user) {
    return guarded([&]() -> Result<void> {
        if (!handler) {
            setLogHandler({});
            return {};
        }
        setLogHandler([handler, user](LogLevel level, std::string_view text) {
            const std::string line(text);
            const InCallback mark(nullptr);
            handler(static_cast<int>(level), line.c_str(), user);
        });
        return {};
    });
}

int livepusher_set_log_level(int level) {
    return guarded([&]() -> Result<void> {
        if (level < LIVEPUSHER_LOG_TRACE || level > LIVEPUSHER_LOG_OFF)
            return Error{Code::InvalidArgument, "level " + std::to_string(level) + ": must be trace (0) .. off (5)"};
        setLogLevel(static_cast<LogLevel>(level));
        return {};
    });
}

int livepusher_list_devices(char** json) {
    return guarded([&] { return json ? copyOut("json", toJson(listDevices()), json) : missing("json"); });
}

int livepusher_list_encoders(char** json) {
    return guarded([&] { return json ? copyOut("json", toJson(listEncoders()), json) : missing("json"); });
}

int livepusher_describe_properties(char** json) {
    return guarded([&] { return copyOut("json", propertyTableJson(), json); });
}

int livepusher_resolve_properties(const char* properties, char** json) {
    return resolveProperties<Properties>(properties, propertyTexts, json);
}

int livepusher_get_property(const livepusher_t* pusher, const char* name, char** value) {
    return getProperty(pusher, name, value);
}
int livepusher_get_properties(const livepusher_t* pusher, char** json) { return getProperties(pusher, json); }
int livepusher_resolve(const livepusher_t* pusher, char** json) { return getResolved(pusher, json); }
int livepusher_get_state(const livepusher_t* pusher, int* state) { return getState(pusher, state); }
int livepusher_get_net_status(const livepusher_t* pusher, char** json) { return getNetStatus(pusher, json); }
