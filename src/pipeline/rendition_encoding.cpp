// SPDX-License-Identifier: MIT
#include "pipeline/rendition_encoding.hpp"

#include "base/attempt.hpp"
#include "base/thread_name.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace livepusher::pipeline {

namespace {

/// An encoder's own key frames are put off for ever by those that it is asked for; beyond that it makes some all the same.
constexpr double kTwice = 2, kLongestGop = 600;
/// What stop() leaves for pictures that wait.
constexpr auto kRenditionDrain = std::chrono::milliseconds(200);

void append(std::vector<std::string>& to, std::vector<std::string>&& from) {
    std::ranges::move(from, std::back_inserter(to));
    from.clear();
}

}  // namespace

RenditionEncoding::RenditionEncoding(NumberedRendition rendition, std::unique_ptr<encode::VideoEncoder> encoder,
                                     encode::PacketSink& packets, LaneObserver& observer)
    : rendition_(rendition),
      packets_(packets),
      observer_(observer),
      encoding_(std::move(encoder), *this, *this, *counters_, VideoEncoding::Keys::Given),
      thread_([this] {
          const auto ran = base::attempt([this] { run(); });
          if (!ran) encoderFailed(ran.error());
          over_ = true;
      }) {}

RenditionEncoding::~RenditionEncoding() {
    beginToEnd();
    thread_.join();
}

void RenditionEncoding::beginToEnd() {
    {
        std::lock_guard lock(mutex_);
        if (!std::exchange(ending_, true)) endBy_ = std::chrono::steady_clock::now() + kRenditionDrain;
    }
    given_.notify_all();
}

void RenditionEncoding::leave() {
    std::deque<Item> unwanted;  // destroyed after the lock is released
    {
        std::lock_guard lock(mutex_);
        unwanted.swap(inbox_);
    }
    beginToEnd();
}

/// Of a source that is faster so many pictures that the rendition's `fps` come of them, evenly, and every key frame.
bool RenditionEncoding::takes(Timestamp pts, int sourceFps, bool key) {
    const auto interval = Timestamp(1'000'000 / rendition_.what.fps);
    const auto tolerance = Timestamp(500'000 / sourceFps);
    if (rendition_.what.fps >= sourceFps) return true;
    if (!std::exchange(seen_, true) || key) {
        due_ = pts + interval;
        return true;
    }
    if (pts < due_ - std::min(tolerance, interval / 2)) return false;
    due_ = std::max(due_ + interval, pts + interval - tolerance);  // a slow source saves up nothing
    return true;
}

void RenditionEncoding::give(const VideoFrame& frame, const LaneSettings& settings, VideoEncoding::Job job) {
    append(carried_, std::move(job.messages));
    const auto& push = settings.resolved;
    if (!takes(frame.pts, push.fps, job.key)) return;
    const auto size = rendition_.what.sizeFor(base::sizeOf(frame));
    Item item{.frame = frame,
              .wanted = {.width = size.width,
                         .height = size.height,
                         .fps = std::min(rendition_.what.fps, push.fps),
                         .gop = std::min(kTwice * push.gop, kLongestGop),
                         .bitrate = rendition_.what.bitrateFor(push, settings.adapted.bitrate),
                         .lowLatency = push.lowLatency,
                         .preset = settings.properties.videoPreset,
                         .bt709 = frame.bt709},
              .fit = settings.properties.videoFit,
              .cut = std::exchange(cut_, false),
              .job = {.key = job.key, .messages = std::exchange(carried_, {}), .captureOrigin = job.captureOrigin}};
    std::optional<Item> evicted;  // destroyed after the lock is released
    {
        std::lock_guard lock(mutex_);
        if (ending_) return;
        if (inbox_.size() >= kInbox) {
            const auto oldest = std::ranges::find_if(inbox_, [](const Item& waiting) { return !waiting.job.key; });
            if (oldest != inbox_.end()) {
                evicted = std::move(*oldest);
                const auto after = inbox_.erase(oldest);
                auto& heir = after == inbox_.end() ? item : *after;
                heir.cut = heir.cut || evicted->cut;
                append(evicted->job.messages, std::move(heir.job.messages));
                heir.job.messages = std::move(evicted->job.messages);
                ++counters_->left;
            }
        }
        inbox_.push_back(std::move(item));
    }
    given_.notify_one();
}

/// False: there is none, and comes none any more.
bool RenditionEncoding::next(Item& item) {
    std::unique_lock lock(mutex_);
    given_.wait(lock, [this] { return ending_ || !inbox_.empty(); });
    if (inbox_.empty() || (ending_ && std::chrono::steady_clock::now() > endBy_)) return false;
    item = std::move(inbox_.front());
    inbox_.pop_front();
    return true;
}

void RenditionEncoding::run() {
    base::nameThread("rendition");
    for (Item item; next(item); item = {}) encode(std::move(item));
    encoding_.close();
}

void RenditionEncoding::encode(Item item) {
    if (item.cut) encoding_.close();
    const base::PictureSize size{item.wanted.width, item.wanted.height};
    auto scaled = base::fitted(std::move(item.frame), size, item.fit, false, memory_);
    counters_->width = size.width;
    counters_->height = size.height;
    encoding_.encode(scaled, std::move(item.wanted), std::move(item.job));
}

void RenditionEncoding::take(Packet packet) {
    packet.rendition = rendition_.number;
    packets_.take(std::move(packet));
}

void RenditionEncoding::encoderStarted(std::string what) {
    observer_.renditionCode(rendition_.number, Code::EncoderStarted, std::move(what));
}

void RenditionEncoding::encoderRestarted(Error why) {
    observer_.renditionCode(rendition_.number, Code::VideoFrameFailed, std::move(why.message));
}

void RenditionEncoding::encoderFailed(Error why) { observer_.renditionFailed(rendition_.number, std::move(why)); }

}  // namespace livepusher::pipeline
