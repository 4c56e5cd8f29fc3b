// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/abandonable_thread.hpp"
#include "base/attempt.hpp"
#include "base/frame_time.hpp"
#include "base/log.hpp"
#include "capture/music_decoder.hpp"
#include "capture/music_player.hpp"
#include "capture/music_ring.hpp"
#include "capture/sink_gate.hpp"

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kReady = 50;  // blocks of 10 ms
constexpr std::size_t kAhead = 60;  // so that 50 are there also when the next look is due
constexpr std::size_t kRoom = 120;  // what lies ahead, beside as much from before a seek
constexpr auto kEnd = 500ms;        // what the end waits for a read that goes on
constexpr auto kLook = 50ms;        // how often what was read is made good: the reader wakes nobody, that could hold it up

/// A piece and the thread that reads it, which a file system that hangs may keep: both own it.
class Piece {
public:
    Piece(MusicSettings settings, MusicEvents events)
        : rate_(settings.wanted.sampleRate),
          loop_(settings.loop),
          listener_(std::move(events)),
          ring_(kRoom, static_cast<std::size_t>(settings.wanted.sampleRate / 100),
                static_cast<std::size_t>(settings.wanted.channels)),
          decoder_(std::move(settings)) {
        events_.open(listener_);
    }
    Piece(const Piece&) = delete;
    Piece& operator=(const Piece&) = delete;

    void run();  ///< until cancel(). [music]
    void fail(Error error);
    /// No event comes from now on. [control]
    void cancel() {
        {
            const std::lock_guard lock(mutex_);
            quit_ = true;
        }
        decoder_.cancel();
        changed_.notify_one();
        events_.close();
    }
    const std::string& name() const { return decoder_.name(); }

    std::size_t read(std::span<float> samples) { return ring_.read(samples); }
    bool over() const {
        const auto finished = finished_.load(std::memory_order_acquire);
        return (finished == kForGood || finished == ring_.seeks()) && ring_.taken() == ring_.written();
    }
    Timestamp position() const { return base::lengthOf(ring_.frame(), rate_); }
    Timestamp duration() const { return Timestamp(duration_.load()); }
    Result<void> seek(Timestamp position);

private:
    static constexpr int kNot = -1, kForGood = -2;  // of finished_

    void play();
    void fill();
    void decode();
    void passEnded();
    void follow(std::int64_t frame, std::uint16_t seeks);
    bool writeBlock();
    void becomeReady();
    bool disturbed() const { return quit_ || asked_; }
    std::size_t ahead() const;
    std::size_t pendingFrames() const { return (pending_.size() - used_) / ring_.channels(); }

    const int rate_;
    const bool loop_;
    MusicEvents listener_;
    SinkGate<MusicEvents> events_;
    MusicRing ring_;
    MusicDecoder decoder_;
    std::atomic<std::int64_t> duration_{0};  ///< µs
    std::atomic<bool> live_{false};
    std::atomic<int> finished_{kNot};  ///< all is written of what follows that many seeks

    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> quit_{false};
    std::atomic<bool> asked_{false};  ///< for a seek, to:
    std::int64_t askedFrame_ = 0;
    std::uint16_t askedSeeks_ = 0;
    bool failed_ = false;

    // The thread's own.
    std::vector<float> pending_;  ///< decoded, less than a block of it is left over
    std::size_t used_ = 0;        ///< samples of it that are in the ring
    MusicRing::Stretch next_;     ///< of the block to be written next
    std::int64_t seams_ = 0;      ///< how often the piece begins again in `pending_`
    std::int64_t decoded_ = 0;    ///< frame of the piece that will be decoded next
    std::uint64_t since_ = 0;     ///< block with which the last seek's music begins
    bool any_ = false, ready_ = false, ended_ = false;
};

Result<void> Piece::seek(Timestamp position) {
    const std::lock_guard lock(mutex_);
    if (failed_) return Error{Code::BgmFailed, decoder_.name() + ": it has failed and can't be sought in"};
    if (live_) return Error{Code::BgmFailed, decoder_.name() + ": it is sent live and can't be sought in"};
    askedFrame_ = (std::max(position, Timestamp{}).count() * rate_ + 500'000) / 1'000'000;
    if (const auto length = duration_.load(); length > 0) askedFrame_ = std::min(askedFrame_, length * rate_ / 1'000'000);
    askedSeeks_ = ring_.seek(askedFrame_);
    asked_ = true;
    changed_.notify_one();
    return {};
}

void Piece::run() {
    if (const auto ran = base::attempt([this] { play(); }); !ran)
        fail({Code::BgmFailed, decoder_.name() + ": " + ran.error().message});
}

void Piece::play() {
    if (auto opened = decoder_.open(); !opened) return fail(opened.error());
    duration_ = decoder_.duration().count();
    live_ = decoder_.live();
    while (!quit_) {
        if (asked_.exchange(false)) {
            std::unique_lock lock(mutex_);
            const auto frame = askedFrame_;
            const auto seeks = askedSeeks_;
            asked_ = false;
            lock.unlock();
            follow(frame, seeks);
        }
        fill();
        std::unique_lock lock(mutex_);
        const auto more = [this] { return disturbed(); };
        if (finished_ == kNot) {
            changed_.wait_for(lock, kLook, more);
        } else {
            changed_.wait(lock, more);
        }
    }
}

void Piece::follow(std::int64_t frame, std::uint16_t seeks) {
    finished_ = kNot;
    ended_ = false;
    pending_.clear();
    used_ = 0;
    seams_ = 0;
    since_ = ring_.written();
    auto landed = Result<std::int64_t>(decoded_);
    const auto guessed = frame;
    if (!live_) {
        if (const auto length = decoder_.duration().count(); length > 0) frame = std::min(frame, length * rate_ / 1'000'000);
        landed = decoder_.seek(frame);
    }
    next_ = {.seeks = seeks, .first = landed ? *landed : frame, .wrap = 0};
    decoded_ = next_.first;
    ring_.correct(guessed, decoded_, seeks);
    if (!landed) fail(landed.error());
}

std::size_t Piece::ahead() const {
    const auto written = ring_.written();
    return static_cast<std::size_t>(written - std::max(ring_.taken(), since_));
}

void Piece::fill() {
    while (!disturbed() && finished_ == kNot) {
        if (ahead() >= kReady) becomeReady();
        if (pendingFrames() >= ring_.blockFrames() || (ended_ && pendingFrames() > 0)) {
            if (ahead() >= kAhead || !writeBlock()) return;
        } else if (!ended_) {
            decode();
        } else {
            becomeReady();
            finished_.store(failed_ ? kForGood : next_.seeks, std::memory_order_release);
        }
    }
}

void Piece::decode() {
    const auto before = pending_.size();
    const auto step = decoder_.read(pending_);
    const bool last = step == Step::Failed || (step == Step::Ended && !loop_);
    if (last) decoder_.drain(pending_);
    decoded_ += static_cast<std::int64_t>((pending_.size() - before) / ring_.channels());
    any_ = any_ || pending_.size() > before;
    if (step == Step::Failed) return fail(decoder_.error());
    if (step != Step::Ended) return;
    if (last) {
        ended_ = true;
        return;
    }
    passEnded();
}

void Piece::passEnded() {
    if (decoded_ > 0) {
        next_.wrap = decoded_;
        ++seams_;
        decoded_ = 0;
    }
    if (auto begun = decoder_.beginAgain(); !begun) fail(begun.error());
}

bool Piece::writeBlock() {
    const auto count = std::min(pendingFrames(), ring_.blockFrames());
    const auto samples = count * ring_.channels();
    if (!ring_.write({pending_.data() + used_, samples}, next_)) return false;
    used_ += samples;
    next_.first += static_cast<std::int64_t>(count);
    if (next_.wrap > 0 && next_.first >= next_.wrap) {
        seams_ -= next_.first / next_.wrap;
        next_.first %= next_.wrap;
        if (seams_ <= 0) next_.wrap = 0;
    }
    if (pendingFrames() >= ring_.blockFrames()) return true;
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ = 0;
    return true;
}

void Piece::fail(Error error) {
    if (quit_) return;
    {
        const std::lock_guard lock(mutex_);
        failed_ = true;
        asked_ = false;
    }
    ended_ = true;
    while (pendingFrames() > 0 && writeBlock()) continue;
    if (any_) becomeReady();
    if (!any_) finished_.store(kForGood, std::memory_order_release);
    events_.call([&](MusicEvents& events) {
        if (events.onFailed) events.onFailed(std::move(error));
    });
}

void Piece::becomeReady() {
    if (std::exchange(ready_, true)) return;
    events_.call([&](MusicEvents& events) {
        if (events.onReady) events.onReady(duration());
    });
}

class Player final : public Music {
public:
    Player(MusicSettings settings, MusicEvents events) : piece_(std::make_shared<Piece>(std::move(settings), std::move(events))) {
        if (const auto started = thread_.start("music", [piece = piece_] { piece->run(); }); !started)
            piece_->fail({Code::BgmFailed, piece_->name() + ": " + started.error().message});
    }
    ~Player() override {
        piece_->cancel();
        if (!thread_.end(kEnd)) base::log(LogLevel::Warning, piece_->name() + ": the system does not answer; it is given up");
    }
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;

    std::size_t read(std::span<float> samples) override { return piece_->read(samples); }
    bool over() const override { return piece_->over(); }
    Timestamp position() const override { return piece_->position(); }
    Timestamp duration() const override { return piece_->duration(); }
    Result<void> seek(Timestamp position) override { return piece_->seek(position); }

private:
    const std::shared_ptr<Piece> piece_;
    base::AbandonableThread thread_;
};

}  // namespace

std::unique_ptr<Music> makeMusic(MusicSettings settings, MusicEvents events) {
    return std::make_unique<Player>(std::move(settings), std::move(events));
}

}  // namespace livepusher::capture
