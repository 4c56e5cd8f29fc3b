// SPDX-License-Identifier: MIT
#include "capture/coded/coded_file.hpp"

#include <algorithm>
#include <utility>

#include "av/av.hpp"
#include "av/track_decoder.hpp"
#include "base/place.hpp"
#include "base/thread.hpp"
#include "capture/source_makers.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

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

std::unique_ptr<CodedVideoSource> makeCodedInput(const std::string& target, bool loop, const base::NetworkOptions& network) {
    if (isCamera(target)) return makeCodedCamera(target, network);
    return std::make_unique<CodedFile>(target, loop, network);
}

}  // namespace livepusher::capture
