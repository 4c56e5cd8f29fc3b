// SPDX-License-Identifier: MIT
#include "encoders_command.hpp"

#include <livepusher/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace program {

namespace {

const char* nameOf(livepusher::VideoCodec codec) {
    switch (codec) {
        case livepusher::VideoCodec::h264: break;
        case livepusher::VideoCodec::hevc: return "H.265";
        case livepusher::VideoCodec::av1: return "AV1";
    }
    return "H.264";
}

}  // namespace

std::string encoderTable(std::span<const livepusher::EncoderInfo> encoders) {
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

ExitCode listEncoders(bool json) {
    const auto encoders = livepusher::listEncoders();
    const std::string text = json ? livepusher::toJson(encoders) + "\n" : encoderTable(encoders);
    std::fputs(text.c_str(), stdout);
    return std::ranges::any_of(encoders, &livepusher::EncoderInfo::works) ? kDone : kEncoderFailure;
}

}  // namespace program
