// SPDX-License-Identifier: MIT
#include "playback/picture_lane.hpp"

#include <ctime>
#include <utility>

#include "base/attempt.hpp"
#include "base/thread_name.hpp"

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;
using Skip = decode::VideoDecoder::Skip;

constexpr auto kIdle = 1s;                // without pictures and orders
constexpr auto kBackground = 500ms;       // while none are wanted
constexpr Timestamp kBehind{200'000};     // of the clock: what no other picture needs is left out,
constexpr Timestamp kFarBehind{500'000};  // and all up to the next key frame
constexpr Timestamp kBroken{2'000'000};   // for so long the last good picture stays

std::chrono::microseconds threadCpu() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace

PictureLane::PictureLane(const MakeDecoder& makeDecoder, JitterBuffer& buffer, const PlayClock& clock, Presenter& presenter,
                         const base::Latest<LaneOrders>& orders, PictureObserver& observer)
    : buffer_(buffer),
      clock_(clock),
      presenter_(presenter),
      orders_(orders),
      observer_(observer),
      decoder_(makeDecoder(*this)),
      thread_([this] { run(); }) {}

PictureLane::~PictureLane() {
    ending_ = true;
    wake();
    thread_.join();
}

void PictureLane::wake() {
    presenter_.wake();
    buffer_.wake();
}

PictureLane::Figures PictureLane::figures() const {
    return {.decoded = decoded_,
            .width = width_,
            .height = height_,
            .inside = inside_,
            .busy = std::chrono::microseconds(busy_.load()),
            .gaps = gaps_};
}

void PictureLane::sizeChanged(base::PictureSize size) {
    width_ = size.width;
    height_ = size.height;
    observer_.pictureSizeChanged(size);
}

void PictureLane::missing(const std::string& why) {
    ++gaps_;
    observer_.picturesMissing(why);
}

void PictureLane::run() {
    base::nameThread("picture");
    if (const auto ran = base::attempt([this] { serve(); }); !ran) observer_.pictureLaneFailed(ran.error());
}

void PictureLane::serve() {
    while (!ending_) {
        orders_.refresh();
        obey();
        if (!orders_->pictures) {
            // What is needed to begin at the clock stays.
            if (const auto at = clock_.playhead(now())) buffer_.dropPicturesTo(*at);
            buffer_.waitForWake(std::chrono::steady_clock::now() + kBackground);
            continue;
        }
        if (const auto next = buffer_.pop(Packet::Track::Video)) {
            drained_ = false;
            decode(*next);
        } else if (buffer_.isEnding() && !std::exchange(drained_, true)) {
            decoder_->drain();
            out(false);
        } else {
            buffer_.waitForPictures(std::chrono::steady_clock::now() + kIdle);
        }
    }
}

/// Goes on elsewhere: from a key frame there, where that is further on than what is decoded, else all is decoded up to there.
void PictureLane::obey() {
    if (orders_->cut == cut_) return;
    cut_ = orders_->cut;
    showFrom_ = orders_->from;
    presenter_.clearBefore(orders_->from);
    if (buffer_.dropPicturesTo(orders_->from)) decoder_->flush();
}

void PictureLane::decode(const Placed& next) {
    const auto& packet = next.packet;
    const auto began = threadCpu();
    if (packet.kind == Packet::Kind::Config) undecodable_ = false;
    if (packet.kind != Packet::Kind::Config) keepUp(packet.pts);
    if (auto sent = decoder_->send(packet, now()); !sent) {
        undecodable_ = true;
        observer_.pictureUndecodable(sent.error());
    }
    busy_ += (threadCpu() - began).count();
    out(next.known);
}

/// What is decoded too late is not shown anyway.
void PictureLane::keepUp(Timestamp media) {
    const auto playhead = orders_->running && !showFrom_ ? clock_.playhead(now()) : std::nullopt;
    const auto behind = playhead ? *playhead - media : Timestamp(0);
    const auto skip = behind > kFarBehind ? Skip::NonKey : behind > kBehind ? Skip::NonReference : Skip::None;
    if (std::exchange(skip_, skip) != skip) decoder_->setSkip(skip);
}

void PictureLane::out(bool known) {
    for (;;) {
        const auto began = threadCpu();
        auto picture = decoder_->receive();
        busy_ += (threadCpu() - began).count();
        inside_ = decoder_->waiting();
        if (!picture) return;
        ++decoded_;
        if (!wanted(*picture, known)) continue;
        while (!ending_ && !presenter_.push(*picture)) {
            orders_.refresh();
            if (orders_->cut == cut_ && orders_->pictures) continue;
            obey();
            if (!wanted(*picture, known)) break;
        }
    }
}

/// Whether it is shown.
bool PictureLane::wanted(const decode::Picture& picture, bool known) {
    const auto media = picture.frame.pts;
    if (known) return false;
    if (showFrom_ && media < *showFrom_) return false;
    showFrom_.reset();
    if (picture.intact) {
        brokenSince_.reset();
        return true;
    }
    if (!brokenSince_ || *brokenSince_ > media) brokenSince_ = media;
    return media - *brokenSince_ >= kBroken;
}

}  // namespace livepusher::playback
