// SPDX-License-Identifier: MIT
#include "pipeline/rendition_switch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace livepusher::pipeline {

namespace {

using Kind = Packet::Kind;

/// By how much one encoder may be behind the other: look-ahead, and an encoder that is just being opened.
constexpr Timestamp kLongestLag = std::chrono::milliseconds(800);
constexpr Timestamp kStep = std::chrono::milliseconds(1);  // the least that time stamps on the wire differ by

bool tooLong(const std::vector<Packet>& held) { return held.back().dts - held.front().dts > kLongestLag; }

}  // namespace

void RenditionSwitch::want(int number, std::optional<Packet> config) {
    wanted_ = number;
    config_ = std::move(config);
    heldReady_.clear();  // what is held back goes out with the next of its kind
}

void RenditionSwitch::lose(int number) {
    if (wanted_ == current_) return;
    if (number == current_) {
        awaitsKey_ = true;
        current_ = wanted_;
        heldBack_.clear();
    } else if (number == wanted_) {
        wanted_ = current_;
    }
    heldReady_.clear();
}

std::vector<Packet> RenditionSwitch::take(Packet packet) {
    std::vector<Packet> out;
    if (packet.rendition == current_)
        fromCurrent(std::move(packet), out);
    else if (packet.rendition == wanted_)
        fromWanted(std::move(packet), out);
    return out;
}

void RenditionSwitch::fromCurrent(Packet packet, std::vector<Packet>& out) {
    if (awaitsKey_) {
        if (packet.kind == Kind::Config) {
            config_ = std::move(packet);
            return;
        }
        if (packet.kind != Kind::Key || (shown_ && packet.pts <= *shown_)) return;
        awaitsKey_ = false;
        heldReady_.push_back(std::move(packet));
        return goOver(out);
    }
    if (packet.kind == Kind::Key && wanted_ != current_) {
        const auto same = std::ranges::find_if(
            heldReady_, [&](const Packet& ready) { return ready.kind == Kind::Key && ready.pts == packet.pts; });
        if (same != heldReady_.end()) {
            heldReady_.erase(heldReady_.begin(), same);
            return goOver(out);
        }
        flush(heldBack_, out);
        heldReady_.clear();  // of a key frame that is not there where it should be
        return heldBack_.push_back(std::move(packet));
    }
    if (heldBack_.empty()) return emit(std::move(packet), out);
    heldBack_.push_back(std::move(packet));
    if (wanted_ == current_ || tooLong(heldBack_)) flush(heldBack_, out);
}

void RenditionSwitch::fromWanted(Packet packet, std::vector<Packet>& out) {
    if (packet.kind == Kind::Config) {
        if (heldReady_.empty())
            config_ = std::move(packet);
        else
            heldReady_.push_back(std::move(packet));
        return;
    }
    if (packet.kind == Kind::Key) {
        const bool meets = !heldBack_.empty() && heldBack_.front().pts == packet.pts;
        if (!meets && shown_ && packet.pts <= *shown_) return;                           // it is behind: at the next
        if (!meets && !heldBack_.empty() && packet.pts < heldBack_.front().pts) return;  // likewise
        if (!meets) flush(heldBack_, out);
        heldReady_.clear();
        heldReady_.push_back(std::move(packet));
        if (meets) goOver(out);
        return;
    }
    if (heldReady_.empty()) return;
    heldReady_.push_back(std::move(packet));
    if (tooLong(heldReady_)) heldReady_.clear();
}

void RenditionSwitch::goOver(std::vector<Packet>& out) {
    heldBack_.clear();
    current_ = wanted_;
    if (config_) {
        config_->pts = config_->dts = heldReady_.front().dts;
        emit(*std::exchange(config_, std::nullopt), out);
    }
    flush(heldReady_, out);
}

void RenditionSwitch::flush(std::vector<Packet>& held, std::vector<Packet>& out) {
    for (auto& packet : std::exchange(held, {})) emit(std::move(packet), out);
}

/// Encoders with pictures between others are ahead of their time by different lengths.
void RenditionSwitch::emit(Packet packet, std::vector<Packet>& out) {
    if (packet.kind != Kind::Config) {
        if (reached_ && packet.dts <= *reached_) packet.dts = std::min(*reached_ + kStep, packet.pts);
        reached_ = packet.dts;
        shown_ = std::max(shown_.value_or(packet.pts), packet.pts);
    }
    out.push_back(std::move(packet));
}

}  // namespace livepusher::pipeline
