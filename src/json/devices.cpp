// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "json/json.hpp"
#include "properties/table.hpp"

namespace livepusher {

namespace {

using json::Json;

Json object(const CameraInfo& camera) {
    Json modes = Json::array(), controls = Json::array();
    for (const auto& m : camera.modes)
        modes.push_back({{"format", m.format}, {"width", m.width}, {"height", m.height}, {"fps", m.fps}});
    for (const auto& c : camera.controls)
        controls.push_back({{"name", c.name},
                            {"minimum", c.minimum},
                            {"maximum", c.maximum},
                            {"step", c.step},
                            {"byDefault", c.byDefault},
                            {"value", c.value}});
    Json position;
    if (camera.position) position = *camera.position == DevicePosition::front ? "front" : "back";
    return {{"id", camera.id},
            {"name", camera.name},
            {"path", camera.path},
            {"position", std::move(position)},
            {"modes", std::move(modes)},
            {"controls", std::move(controls)},
            {"autoFocus", camera.autoFocus},
            {"focus", camera.focus},
            {"torch", camera.torch},
            {"maxZoom", camera.maxZoom},
            {"problem", camera.problem}};
}

Json object(const MicrophoneInfo& microphone) {
    return {{"id", microphone.id},
            {"name", microphone.name},
            {"server", microphone.server},
            {"isDefault", microphone.isDefault},
            {"system", microphone.system},
            {"sampleRate", microphone.sampleRate},
            {"channels", microphone.channels},
            {"problem", microphone.problem}};
}

Json object(const ScreenInfo& screen) {
    return {{"id", screen.id},       {"name", screen.name},     {"left", screen.left},     {"top", screen.top},
            {"width", screen.width}, {"height", screen.height}, {"window", screen.window}, {"isDefault", screen.isDefault}};
}

std::string nameOf(VideoCodec codec) {
    Properties chosen;
    chosen.videoCodec = codec;
    return properties::find<Properties>("videoCodec")->field.format(chosen);
}

Json object(const EncoderInfo& encoder) {
    return {{"codec", nameOf(encoder.codec)}, {"name", encoder.name},       {"hardware", encoder.hardware},
            {"works", encoder.works},         {"problem", encoder.problem}, {"milliseconds", encoder.milliseconds}};
}

template <typename Items>
Json list(const Items& items) {
    Json made = Json::array();
    for (const auto& item : items) made.push_back(object(item));
    return made;
}

}  // namespace

std::string toJson(const DeviceList& devices) {
    return json::toLine({{"cameras", list(devices.cameras)},
                         {"microphones", list(devices.microphones)},
                         {"screens", list(devices.screens)},
                         {"notes", devices.notes}});
}

std::string toJson(std::span<const EncoderInfo> encoders) { return json::toLine(list(encoders)); }

}  // namespace livepusher
