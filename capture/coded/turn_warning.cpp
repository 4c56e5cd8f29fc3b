// SPDX-License-Identifier: MIT
#include "capture/coded/turn_warning.hpp"

#include "base/log.hpp"

namespace livepusher::capture {
namespace {

std::string words(base::Orientation orientation) {
    const auto turn = "a turn of " + std::to_string(static_cast<int>(orientation.rotation)) + " degrees clockwise";
    if (!orientation.mirrored) return turn;
    return orientation.rotation == Rotation::None ? "left and right exchanged" : "left and right exchanged, then " + turn;
}

}  // namespace

void TurnWarning::warn(const std::string& label, base::Orientation orientation, const char* whose, const char* outcome) {
    if (told_ || orientation.none()) return;
    told_ = true;
    base::log(LogLevel::Warning, label + ": " + whose + " for " + words(orientation) + ": " + outcome +
                                     "; to have it turned, decode it: file: or camera: in place of coded:");
}

void TurnWarning::container(const std::string& label, base::Orientation orientation) {
    warn(label, orientation, "its container asks", "what is coded already goes out as it lies");
}

void TurnWarning::pictures(const std::string& label, base::Orientation orientation) {
    warn(label, orientation, "its pictures ask (display orientation SEI)",
         "the SEI stays in the stream, and players that don't know it show the picture as it lies");
}

}  // namespace livepusher::capture
