// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace livepusher::test {

/// Lets those go who wait at it. Encoders that hang hang here: a test can end them, and does at its end.
class Gate {
public:
    void wait() {
        std::unique_lock lock(mutex_);
        opened_.wait(lock, [this] { return open_; });
    }
    void open() {
        std::lock_guard lock(mutex_);
        open_ = true;
        opened_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

/// What goes wrong with a FaultyEncoder. Frames are counted from 0 from each open() on.
struct Faults {
    bool open = false;                ///< open() fails
    bool hangInOpen = false;          ///< open() waits at the gate
    std::optional<int> frame;         ///< encode() fails from this frame on
    std::optional<int> hangInFrame;   ///< encode() waits at the gate in this frame
    std::optional<int> swallow;       ///< from this frame on frames go in, nothing comes out
    std::optional<int> emptyFrom;     ///< from this frame on packets are empty
    std::optional<int> nonsenseFrom;  ///< from this frame on packets hold no NAL units
    bool noConfig = false;            ///< no Config packet
    bool otherSize = false;           ///< the Config tells another size than asked for
    bool noKey = false;               ///< the first packet is no key frame
    bool hangInClose = false;         ///< close() waits at the gate
    std::shared_ptr<Gate> gate = std::make_shared<Gate>();
};

/// An encoder that does what it is told to do wrong. Its packets hold a slice of nothing, or come from `real`.
class FaultyEncoder final : public encode::VideoEncoder, encode::PacketSink {
public:
    explicit FaultyEncoder(Faults faults, std::unique_ptr<encode::VideoEncoder> real = nullptr)
        : faults_(std::move(faults)), real_(std::move(real)) {}

    Result<std::string> open(const encode::VideoEncoderSettings& settings, encode::PacketSink& sink) override {
        if (faults_.hangInOpen) faults_.gate->wait();
        if (faults_.open) return Error{Code::VideoEncodeFailed, "faulty: the device is gone"};
        sink_ = &sink;
        frames_ = 0;
        if (real_) {
            auto opened = real_->open(settings, *this);
            return opened ? Result<std::string>("faulty " + *opened) : opened;
        }
        Packet config = make(Packet::Kind::Config, {}, {1, 2, 3, 4, 5, 6, 7});
        config.description = std::make_shared<const Packet::Description>(Packet::Description{
            .width = settings.width, .height = settings.height, .fps = double(settings.fps), .bitrate = settings.bitrate});
        take(std::move(config));
        return std::string("faulty");
    }

    void addMessage(std::string text) override {
        if (real_) real_->addMessage(std::move(text));
    }

    Result<bool> encode(const VideoFrame& frame, bool forceKey) override {
        const int number = frames_++;
        if (faults_.hangInFrame == number) faults_.gate->wait();
        if (faults_.frame && number >= *faults_.frame) return Error{Code::VideoEncodeFailed, "faulty: a frame failed"};
        if (faults_.swallow && number >= *faults_.swallow) return false;
        if (faults_.emptyFrom && number >= *faults_.emptyFrom)
            return sink_->take(make(Packet::Kind::Delta, frame.pts, {})), false;
        if (faults_.nonsenseFrom && number >= *faults_.nonsenseFrom)
            return sink_->take(make(Packet::Kind::Delta, frame.pts, {0xff, 0xff, 0xff, 0xff, 1})), false;
        if (real_) return real_->encode(frame, forceKey);
        const bool key = !faults_.noKey && (forceKey || number == 0);
        sink_->take(
            make(key ? Packet::Kind::Key : Packet::Kind::Delta, frame.pts, {0, 0, 0, 2, std::uint8_t(key ? 0x65 : 0x41), 1}));
        return key;
    }

    Result<void> setBitrate(int kbps) override { return real_ ? real_->setBitrate(kbps) : Result<void>(); }

    void close() override {
        if (faults_.hangInClose) faults_.gate->wait();
        if (real_) real_->close();
    }

private:
    static Packet make(Packet::Kind kind, Timestamp pts, std::vector<std::uint8_t> data) {
        return {
            Packet::Track::Video, kind, pts, pts, std::make_shared<const std::vector<std::uint8_t>>(std::move(data)), nullptr};
    }

    void take(Packet packet) override {
        if (packet.kind == Packet::Kind::Config) {
            if (faults_.noConfig) return;
            if (faults_.otherSize) {
                auto about = *packet.description;
                about.width /= 2;
                packet.description = std::make_shared<const Packet::Description>(about);
            }
        }
        if (faults_.noKey && packet.kind == Packet::Kind::Key) packet.kind = Packet::Kind::Delta;
        sink_->take(std::move(packet));
    }

    const Faults faults_;
    const std::unique_ptr<encode::VideoEncoder> real_;
    encode::PacketSink* sink_ = nullptr;
    int frames_ = 0;
};

}  // namespace livepusher::test
