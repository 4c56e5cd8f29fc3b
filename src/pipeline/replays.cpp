// SPDX-License-Identifier: MIT
#include "pipeline/replays.hpp"

#include "base/place.hpp"
#include "base/thread.hpp"

#include <utility>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

/// For a slow disk, which nobody waits for meanwhile.
constexpr auto kComplete = 20s;
/// What the end of the context leaves.
constexpr auto kLast = 1s;

struct NoObserver final : rtmp::PublisherObserver {};

Result<void> writeTo(rtmp::Publisher& file, const base::Url& url, const rtmp::PublisherSettings& settings,
                     const std::vector<Packet>& packets) {
    NoObserver observer;
    auto done = file.open(url, settings, observer);
    if (done) done = file.begin();
    for (const auto& packet : packets)
        if (done) done = file.write(packet);
    auto closed = file.close(done ? rtmp::EndReason::Ended : rtmp::EndReason::Failed);
    return done ? closed : done;
}

}  // namespace

Replays::~Replays() { finish(kLast); }

void Replays::begin(const Properties& properties) {
    seconds_ = properties.replaySeconds;
    videoCodec_ = properties.videoCodec;
    buffer_.begin(std::chrono::seconds(seconds_));
}

void Replays::finish(std::chrono::milliseconds patience) {
    if (!thread_.joinable()) return;
    if (over_.wait_for(patience) != std::future_status::ready) file_->cancel();
    thread_.join();
    file_.reset();
}

void Replays::save(const std::string& path, std::function<std::vector<std::string>()> inputs, session::Reply reply) {
    const auto local = base::localPath(path);
    if (path.empty() || !local)
        return reply(Error{Code::InvalidArgument, "saveReplay: path \"" + path + "\": must be that of a file to write"});
    if (seconds_ == 0) return reply(Error{Code::InvalidState, "saveReplay: nothing is kept: set replaySeconds before start()"});
    if (thread_.joinable() && over_.wait_for(0s) != std::future_status::ready)
        return reply(Error{Code::InvalidState, "saveReplay: another is being written; wait for its callback"});
    finish(0ms);
    auto packets = buffer_.take();
    if (packets.empty()) return reply(Error{Code::InvalidState, "saveReplay: nothing has been pushed yet"});

    auto url = base::Url::file(*local);
    rtmp::PublisherSettings settings;
    settings.videoCodec = videoCodec_;
    settings.closeTimeout = kComplete;
    settings.file.inputs = std::move(inputs);
    settings.file.told = [&events = events_](Code code, std::string what) { events.code(code, std::move(what)); };
    file_ = makePublisher_(url.scheme());
    std::promise<void> over;
    over_ = over.get_future();
    auto started = base::startThread(
        "replay",
        [file = file_.get(), url = std::move(url), settings = std::move(settings), packets = std::move(packets), reply,
         over = std::move(over)]() mutable {
            const auto done = writeTo(*file, url, settings, packets);
            over.set_value();  // who hears of it may ask for the next
            reply(done);
        },
        [reply](const Error& error) { reply(error); });
    if (!started) return reply(Error{started.error().code, "saveReplay: " + started.error().message});
    thread_ = std::move(*started);
}

}  // namespace livepusher::pipeline
