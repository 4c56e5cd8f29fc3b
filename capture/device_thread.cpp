// SPDX-License-Identifier: MIT
#include "capture/device_thread.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "capture/devices.hpp"
#include "capture/track_decoder.hpp"

extern "C" {
#include <libavutil/time.h>
}

namespace livepusher::capture {
namespace {

constexpr auto kOpenWait = std::chrono::seconds(5);
constexpr auto kStopWait = std::chrono::milliseconds(500);
constexpr auto kPoll = std::chrono::milliseconds(1);
constexpr Timestamp kPlausible{1'000'000};

/// The packet's time on our clock: devices stamp with the monotonic or with the wall clock, some not at all.
Timestamp captureMoment(const AVPacket& packet, AVRational base) {
    const auto arrival = now();
    if (packet.pts == AV_NOPTS_VALUE) return arrival;
    const Timestamp told(av_rescale_q(packet.pts, base, kMicroseconds));
    for (const auto moment : {told, told + arrival - Timestamp(av_gettime())})
        if (moment <= arrival && moment > arrival - kPlausible) return moment;
    return arrival;
}

}  // namespace

struct DeviceThread::Run {
    explicit Run(DeviceInput what) : input(std::move(what)) {}

    bool wait(std::chrono::steady_clock::time_point until) {
        std::unique_lock lock(mutex);
        return !changed.wait_until(lock, until, [&] { return quit.load(); });
    }

    const DeviceInput input;
    std::atomic<bool> quit{false};
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Opened> opened;
    bool finished = false;

    FormatPtr context;  // the thread's own, as what follows
    std::optional<TrackDecoder> decoder;
};

DeviceThread::Opened DeviceThread::open(Run& run) {
    AVDictionary* options = nullptr;
    for (const auto& [key, value] : run.input.options) av_dict_set(&options, key.c_str(), value.c_str(), 0);
    auto* context = avformat().avformat_alloc_context();
    // So that a read comes back and stop() is seen; an input that can't do it waits for its next frame.
    context->flags |= AVFMT_FLAG_NONBLOCK;
    const int error = avformat().avformat_open_input(&context, run.input.name.c_str(), run.input.format, &options);
    av_dict_free(&options);
    if (error < 0) return {.error = error};
    run.context.reset(context);
    if (context->nb_streams < 1) return {.error = AVERROR(ENODEV)};
    const auto& stream = *context->streams[0];
    auto decoder = TrackDecoder::open(stream, run.input.title);
    if (!decoder) return {.error = decoder.error().native};
    run.decoder.emplace(std::move(*decoder));
    Opened opened{.width = stream.codecpar->width, .height = stream.codecpar->height};
    opened.fps = stream.avg_frame_rate.num > 0 && stream.avg_frame_rate.den > 0 ? av_q2d(stream.avg_frame_rate) : 0;
    opened.codec = avcodec_get_name(stream.codecpar->codec_id);
    return opened;
}

void DeviceThread::read(Run& run) {
    const PacketPtr packet(av_packet_alloc());
    const FramePtr frame(av_frame_alloc());
    const auto& stream = *run.context->streams[0];
    const double fps = stream.avg_frame_rate.den > 0 ? av_q2d(stream.avg_frame_rate) : 0;
    // Most of the time until the next frame is slept through at once.
    const Timestamp nap(fps > 1 ? static_cast<std::int64_t>(0.8e6 / fps) : 2000);
    while (!run.quit) {
        const int error = avformat().av_read_frame(run.context.get(), packet.get());
        if (error == AVERROR(EAGAIN)) {
            run.wait(std::chrono::steady_clock::now() + kPoll);
            continue;
        }
        if (error < 0) {
            if (!run.quit) run.input.onError(error);
            return;
        }
        const auto moment = captureMoment(*packet, stream.time_base);
        const auto sent = run.decoder->send(packet.get());
        av_packet_unref(packet.get());
        if (!sent) return run.input.onError(sent.error().native);
        while (run.decoder->receive(*frame) == Step::Ready) run.input.onFrame(*frame, moment);
        run.wait(std::chrono::steady_clock::time_point(std::min(moment + nap, now() + nap)));
    }
}

DeviceThread::Opened DeviceThread::start(DeviceInput input) {
    stop();
    routeLibavLog();
    auto run = std::make_shared<Run>(std::move(input));
    {
        std::lock_guard lock(mutex_);
        if (interrupted_) return {.error = AVERROR_EXIT};
        run_ = run;
    }
    thread_ = std::thread([run] {
        base::nameThread("capture");
        silenceAlsa();  // what is wrong is told by our own error
        auto opened = open(*run);
        const bool good = opened.error >= 0;
        {
            std::lock_guard lock(run->mutex);
            run->opened = std::move(opened);
        }
        run->changed.notify_all();
        if (good) read(*run);
        run->decoder.reset();
        run->context.reset();
        {
            std::lock_guard lock(run->mutex);
            run->finished = true;
        }
        run->changed.notify_all();
    });
    std::unique_lock lock(run->mutex);
    run->changed.wait_for(lock, kOpenWait, [&] { return run->opened || run->quit; });
    auto opened = run->opened.value_or(Opened{.error = AVERROR(ETIMEDOUT)});
    if (run->quit) opened.error = AVERROR_EXIT;
    lock.unlock();
    if (opened.error < 0) stop();
    return opened;
}

void DeviceThread::stop() {
    if (!thread_.joinable()) return;
    bool finished = false;
    {
        std::unique_lock lock(run_->mutex);
        run_->quit = true;
        run_->changed.notify_all();
        finished = run_->changed.wait_for(lock, kStopWait, [&] { return run_->finished; });
    }
    if (finished) {
        thread_.join();
    } else {
        base::log(LogLevel::Warning, run_->input.title + ": its driver does not answer; it is given up");
        thread_.detach();
    }
    std::lock_guard lock(mutex_);
    run_.reset();
}

void DeviceThread::interrupt() {
    std::shared_ptr<Run> run;
    {
        std::lock_guard lock(mutex_);
        interrupted_ = true;
        run = run_;
    }
    if (!run) return;
    std::lock_guard lock(run->mutex);
    if (run->opened) return;  // start() has it already; stop() ends what runs
    run->quit = true;
    run->changed.notify_all();
}

}  // namespace livepusher::capture
