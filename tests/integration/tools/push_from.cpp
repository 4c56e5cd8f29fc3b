// SPDX-License-Identifier: MIT
// push_from START_MS SECONDS URL [FILE]
// Pushes the test picture and its beeps as if the push had begun START_MS ago: the encoders, and all that follows them, are
// given times that much later. FILE: also recorded there. For what happens hours and weeks into a push.
#include <livepusher/context.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "wiring.hpp"

namespace {

using namespace livepusher;

class LaterVideo : public encode::VideoEncoder {
public:
    LaterVideo(std::unique_ptr<encode::VideoEncoder> real, Timestamp by) : real_(std::move(real)), by_(by) {}
    Result<std::string> open(const encode::VideoEncoderSettings& settings, encode::PacketSink& sink) override {
        return real_->open(settings, sink);
    }
    void addMessage(std::string text) override { real_->addMessage(std::move(text)); }
    Result<bool> encode(const VideoFrame& frame, bool forceKey) override {
        VideoFrame later = frame;
        later.pts += by_;
        return real_->encode(later, forceKey);
    }
    Result<void> setBitrate(int kbps) override { return real_->setBitrate(kbps); }
    void close() override { real_->close(); }

private:
    std::unique_ptr<encode::VideoEncoder> real_;
    Timestamp by_;
};

class LaterAudio : public encode::AudioEncoder {
public:
    LaterAudio(std::unique_ptr<encode::AudioEncoder> real, Timestamp by) : real_(std::move(real)), by_(by) {}
    Result<std::string> open(const encode::AudioEncoderSettings& settings, encode::PacketSink& sink) override {
        return real_->open(settings, sink);
    }
    std::size_t frameSize() const override { return real_->frameSize(); }
    Result<void> encode(const float* samples, Timestamp pts) override { return real_->encode(samples, pts + by_); }
    void close() override { real_->close(); }

private:
    std::unique_ptr<encode::AudioEncoder> real_;
    Timestamp by_;
};

pipeline::Stages stagesLater(Timestamp by) {
    auto stages = realStages();
    stages.videoEncoder = [real = stages.videoEncoder, by](encode::VideoEncoderChoice choice) {
        return std::make_unique<LaterVideo>(real(std::move(choice)), by);
    };
    stages.audioEncoder = [real = stages.audioEncoder, by](AudioCodec codec) {
        return std::make_unique<LaterAudio>(real(codec), by);
    };
    return stages;
}

ContextOptions optionsFor(const std::string& url, const std::string& recordPath) {
    ContextOptions options;
    auto& p = options.properties;
    p.url = url;
    p.videoPreset = "ultrafast";
    p.minBitrate = p.maxBitrate = 1000;
    p.gop = 1;
    options.sources = {.video = "test", .audio = "test"};
    options.recordPath = recordPath;
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fprintf(stderr, "usage: %s START_MS SECONDS URL [FILE]\n", argv[0]);
        return 2;
    }
    auto options = optionsFor(argv[3], argc > 4 ? argv[4] : "");
    std::promise<bool> ended;
    bool decided = false;
    const auto end = [&](bool good) {  // on the event thread
        if (!std::exchange(decided, true)) ended.set_value(good);
    };
    options.handlers.onStateChange = [&](const StateChangeEvent& event) {
        std::fprintf(stderr, "%d %s\n", event.code, event.message.c_str());
        if (event.code == static_cast<int>(Code::ConnectionGivenUp) || event.code == static_cast<int>(Code::Reconnecting))
            end(false);
    };
    options.handlers.onError = [&](const ErrorEvent& event) {
        std::fprintf(stderr, "%d %s\n", event.errCode, event.errMsg.c_str());
        end(false);
    };

    LivePusherContext pusher(std::move(options), stagesLater(std::chrono::milliseconds(std::atoll(argv[1]))));
    pusher.start({.fail = [&](const MethodResult&) { end(false); }});
    auto outcome = ended.get_future();
    const bool failed = outcome.wait_for(std::chrono::seconds(std::atoi(argv[2]))) == std::future_status::ready;
    std::promise<void> stopped;
    pusher.stop({.complete = [&](const MethodResult&) { stopped.set_value(); }});
    stopped.get_future().wait();
    return failed ? 1 : 0;
}
