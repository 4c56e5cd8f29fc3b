// SPDX-License-Identifier: MIT
#include "capture/coded/coded_file.hpp"

#include <algorithm>
#include <utility>

#include "av/av.hpp"
#include "av/track_decoder.hpp"
#include "base/log.hpp"
#include "base/place.hpp"
#include "base/thread.hpp"
#include "capture/source_makers.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kTooLate{500'000};  // beyond that the clock is moved: what was missed is not made up for

bool isCamera(const std::string& target) { return base::schemeOf(target) == "rtsp" || base::schemeOf(target) == "rtsps"; }

/// By how many pictures showing lags behind decoding: what the file doesn't tell a decoder reads in the parameter sets.
int reorder(const AVStream& stream) {
    const auto decoder = TrackDecoder::open(stream, {});
    return std::max(stream.codecpar->video_delay, decoder ? decoder->context().has_b_frames : 0);
}

}  // namespace

CodedFile::Input::Input(const std::string& target, const std::string& label, const base::NetworkOptions& network,
                        const std::atomic<bool>* cancel)
    : http(base::isHttp(target) ? std::optional<HttpStream>(std::in_place, HttpStream::Options{.url = target, .network = network})
                                : std::nullopt),
      demuxer({.target = target, .tracks = {true, false}, .cancel = cancel, .label = label, .http = http ? &*http : nullptr}) {}

CodedFile::CodedFile(const std::string& target, bool loop, const base::NetworkOptions& network)
    : target_(target),
      loop_(loop),
      network_(network),
      label_("coded \"" + base::publicName(target) + "\""),
      url_(base::isUrl(target)),
      packets_(label_) {}

Result<std::string> CodedFile::start(Sink& sink) {
    CodedFile::stop();
    {
        std::lock_guard lock(mutex_);
        if (interrupted_) return Error{Code::Cancelled, label_ + ": given up before it was opened"};
        quit_ = false;
        opened_.reset();
        if (!input_ || url_) input_ = std::make_shared<Input>(target_, label_, network_, &quit_);
        input_->demuxer.clearCancel();
        shared_ = input_;
    }
    gate_.open(sink);
    auto thread = base::startThread(
        "capture", [this] { run(); },
        [this](const Error& error) {
            bool wasOpen = false;
            {
                std::lock_guard lock(mutex_);
                wasOpen = opened_.has_value();
                if (!wasOpen) opened_ = error;
            }
            changed_.notify_all();
            if (wasOpen) gate_.failed(error);
        });
    if (!thread) {
        gate_.close();
        return Error{Code::SourceFailed, label_ + ": " + thread.error().message};
    }
    thread_ = std::move(*thread);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return opened_.has_value(); });
    const auto opened = interrupted_ ? Error{Code::Cancelled, label_ + ": given up while it was being opened"} : *opened_;
    lock.unlock();
    if (opened) return description_;
    CodedFile::stop();
    input_.reset();
    return opened.error();
}

void CodedFile::cancel() {
    std::shared_ptr<Input> input;
    {
        std::lock_guard lock(mutex_);
        quit_ = true;
        input = shared_;
    }
    changed_.notify_all();
    if (!input) return;
    input->demuxer.cancelRead();
    if (input->http) input->http->cancel();
}

void CodedFile::stop() {
    if (!thread_.joinable()) return;
    cancel();
    gate_.close();
    thread_.join();
}

void CodedFile::interrupt() {
    {
        std::lock_guard lock(mutex_);
        interrupted_ = true;
        if (opened_) return;  // start() has it already; stop() ends what runs
    }
    cancel();
}

void CodedFile::fail(const std::string& what, int native) {
    input_->track.reset();
    gate_.failed(Error{Code::SourceFailed, label_ + ": " + what, native});
}

Result<void> CodedFile::open(Input& input) {
    if (auto opened = input.demuxer.open(); !opened) return opened;
    const auto* stream = input.demuxer.stream(Track::Video);
    if (!stream) return Error{Code::SourceFailed, label_ + ": there is no picture in it", kNoSuchTrack};
    auto track = CodedTrack::open(*stream, label_, packets_);
    if (!track) return track.error();
    packets_.setRate(rateOf(stream->avg_frame_rate));
    input.times.emplace(*stream, packets_.rate(), reorder(*stream));
    input.track.emplace(std::move(*track));
    description_ = label_ + " (" + packets_.describe() + ", as it is)";
    return {};
}

/// Goes back to where pictures can be joined, after a stop in the middle. The next frame's moment is that of its arrival.
void CodedFile::goOn() {
    if (!input_->demuxer.seek(Track::Video, dts_.count()) && url_) any_ = false;  // live: what comes now is what follows
    input_->times->restart();
}

Result<void> CodedFile::prepare() {
    packets_.restart();
    zero_.reset();
    const bool fresh = !input_->track;
    if (fresh)
        if (auto opened = open(*input_); !opened) return opened;
    if (std::exchange(ended_, false)) {
        any_ = false;
        passStart_ = {};
        if (fresh) return {};
        input_->times->restart();
        return input_->demuxer.rewind();
    }
    if (any_) goOn();
    return {};
}

bool CodedFile::waitUntil(Timestamp due) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_until(lock, std::chrono::steady_clock::time_point(due), [&] { return quit_.load(); });
}

CodedFile::Next CodedFile::next(CodedPackets::Taken& taken) {
    PacketPtr packet;
    const int error = input_->demuxer.next(Track::Video, packet);
    if (quit_) return Next::Stop;
    if (error == AVERROR_EOF) return Next::Ended;
    if (error < 0) {
        fail("reading broke off: " + avText(error), error);
        return Next::Stop;
    }
    const auto place = input_->times->next(*packet);
    if (!std::exchange(any_, true)) base_ = place.dts;
    dts_ = place.dts;
    const auto offset = passStart_ - base_;
    auto made = input_->track->take(*packet, place.pts + offset, place.dts + offset, packets_);
    if (!made) {
        base::log(LogLevel::Debug, "passed over: " + made.error().message);
        return Next::Nothing;
    }
    taken = std::move(*made);
    return taken.frame ? Next::Frame : Next::Nothing;
}

/// At the end: from the beginning, or not.
bool CodedFile::again() {
    const auto length = input_->times->length();
    if (!any_ && (passStart_ == Timestamp{} || std::exchange(reopened_, true))) {
        fail("nothing in it could be read", 0);
        return false;
    }
    const auto end = any_ ? passStart_ + dts_ - base_ + length : passStart_;
    if (!loop_) {
        if (zero_ && !waitUntil(*zero_ + end)) return false;
        ended_ = true;
        gate_.ended();
        return false;
    }
    // Some demuxers claim to have gone back and then have nothing more.
    Result<void> rewound;
    if (any_) {
        rewound = input_->demuxer.rewind();
        reopened_ = false;
    } else if (auto anew = input_->demuxer.open(); !anew) {
        rewound = anew.error();
    }
    if (!rewound) {
        if (!quit_) gate_.failed(rewound.error());
        return false;
    }
    input_->times->restart();
    any_ = false;
    passStart_ = end;
    return true;
}

void CodedFile::deliver(CodedPackets::Taken taken) {
    const auto move = [&](Packet& packet) {
        packet.pts += *zero_;
        packet.dts += *zero_;
    };
    if (taken.config) move(*taken.config);
    move(*taken.frame);
    gate_.call([&](Sink& sink) {
        if (taken.config) sink.packet(std::move(*taken.config));
        sink.packet(std::move(*taken.frame));
    });
}

void CodedFile::run() {
    auto prepared = prepare();
    const bool good = prepared.has_value();
    {
        std::lock_guard lock(mutex_);
        opened_ = std::move(prepared);
    }
    changed_.notify_all();
    while (good && !quit_) {
        CodedPackets::Taken taken;
        const auto got = next(taken);
        if (got == Next::Stop || (got == Next::Ended && !again())) return;
        if (got != Next::Frame) continue;
        const auto dts = taken.frame->dts;
        if (!zero_) zero_ = now() - dts;
        const auto due = *zero_ + dts;
        const bool waits = now() < due;
        if (!waitUntil(due)) return;
        if (waits) *zero_ += stoodStill_.missed(due, now());
        if (const auto late = now() - *zero_ - dts; late > kTooLate) {
            base::log(LogLevel::Warning,
                      label_ + ": could not be read as fast as it plays, " + std::to_string(late.count() / 1000) + " ms late");
            *zero_ += late;
        }
        deliver(std::move(taken));
    }
}

std::unique_ptr<CodedVideoSource> makeCodedInput(const std::string& target, bool loop, const base::NetworkOptions& network) {
    if (isCamera(target)) return makeCodedCamera(target, network);
    return std::make_unique<CodedFile>(target, loop, network);
}

}  // namespace livepusher::capture
