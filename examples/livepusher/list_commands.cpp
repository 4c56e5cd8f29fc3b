// SPDX-License-Identifier: MIT
#include "list_commands.hpp"

#include <livepusher/devices.hpp>
#include <livepusher/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace program {

namespace {

std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g", value);
    return text.data();
}

std::string size(int width, int height) { return std::to_string(width) + "x" + std::to_string(height); }

/// "    YUYV 320x180@30 1280x720@30", a line for each format.
std::string modes(const livepusher::CameraInfo& camera) {
    std::map<std::string, std::string> formats;
    for (const auto& mode : camera.modes)
        formats[mode.format] += " " + size(mode.width, mode.height) + (mode.fps > 0 ? "@" + number(mode.fps) : "");
    std::string text;
    for (const auto& [format, sizes] : formats) text += "    " + format + sizes + "\n";
    return text;
}

std::string abilities(const livepusher::CameraInfo& camera) {
    std::string text;
    const auto add = [&](bool has, const std::string& what) {
        if (has) text += (text.empty() ? "    " : ", ") + what;
    };
    add(camera.autoFocus, "autofocus");
    add(camera.focus, "focus");
    add(camera.torch, "torch");
    add(camera.maxZoom > 1, "zoom 1.." + number(camera.maxZoom));
    return text.empty() ? text : text + "\n";
}

std::string describe(const livepusher::CameraInfo& camera) {
    std::string text = "  camera:" + camera.id + "  " + camera.name + ", " + camera.path;
    if (camera.position) text += *camera.position == livepusher::DevicePosition::front ? ", front" : ", back";
    text += "\n";
    if (!camera.problem.empty()) return text + "    can't be used: " + camera.problem + "\n";
    text += modes(camera) + abilities(camera);
    for (const auto& control : camera.controls)
        text += "    " + control.name + " " + std::to_string(control.value) + " (" + std::to_string(control.minimum) + ".." +
                std::to_string(control.maximum) + ")\n";
    return text;
}

std::string describe(const livepusher::MicrophoneInfo& microphone) {
    std::string text = std::string("  ") + (microphone.system ? "system:" : "mic:") + microphone.id + "  " + microphone.name +
                       (microphone.server == "pulse" ? ", sound server" : ", ALSA");
    if (microphone.sampleRate > 0) text += ", " + std::to_string(microphone.sampleRate) + " Hz";
    if (microphone.channels > 0)
        text += ", " + std::to_string(microphone.channels) + (microphone.channels == 1 ? " channel" : " channels");
    if (microphone.isDefault) text += ", default";
    if (!microphone.problem.empty()) text += "\n    can't be used: " + microphone.problem;
    return text + "\n";
}

std::string describe(const livepusher::ScreenInfo& screen) {
    return "  screen:" + screen.id + "  " + screen.name + ", " + size(screen.width, screen.height) +
           (screen.window ? ", window" : "") + (screen.isDefault ? ", default" : "") + "\n";
}

template <typename Devices>
std::string section(const char* title, const Devices& devices) {
    std::string text = std::string(title) + (devices.empty() ? ": none\n" : "\n");
    for (const auto& device : devices) text += describe(device);
    return text;
}

std::string deviceTable(const livepusher::DeviceList& devices) {
    std::string text = section("Cameras", devices.cameras) +
                       section("Microphones, and what the machine plays", devices.microphones) +
                       section("Screens and windows", devices.screens);
    for (const auto& note : devices.notes) text += note + "\n";
    return text;
}

const char* nameOf(livepusher::VideoCodec codec) {
    switch (codec) {
        case livepusher::VideoCodec::h264: break;
        case livepusher::VideoCodec::hevc: return "H.265";
        case livepusher::VideoCodec::av1: return "AV1";
    }
    return "H.264";
}

std::string encoderTable(const std::vector<livepusher::EncoderInfo>& encoders) {
    std::string text;
    for (const auto& each : encoders) {
        std::array<char, 96> row{};
        std::snprintf(row.data(), row.size(), "%-6s  %-13s  %-8s  ", nameOf(each.codec), each.name.c_str(),
                      each.hardware ? "hardware" : "software");
        text += row.data();
        if (each.works) {
            std::snprintf(row.data(), row.size(), "works (trial of %.0f ms)", each.milliseconds);
            text += row.data();
        } else {
            text += "no: " + each.problem;
        }
        text += '\n';
    }
    return text;
}

}  // namespace

ExitCode listDevices(bool json) {
    const auto devices = livepusher::listDevices();
    const std::string text = json ? livepusher::toJson(devices) + "\n" : deviceTable(devices);
    std::fputs(text.c_str(), stdout);
    const bool any = !devices.cameras.empty() || !devices.microphones.empty() || !devices.screens.empty();
    return any ? kDone : kSourceFailure;
}

ExitCode listEncoders(bool json) {
    const auto encoders = livepusher::listEncoders();
    const std::string text = json ? livepusher::toJson(encoders) + "\n" : encoderTable(encoders);
    std::fputs(text.c_str(), stdout);
    return std::ranges::any_of(encoders, &livepusher::EncoderInfo::works) ? kDone : kEncoderFailure;
}

}  // namespace program
