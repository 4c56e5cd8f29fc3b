// SPDX-License-Identifier: MIT
#include "encode/guarded_encoder.hpp"

#include "base/log.hpp"
#include "media/nal.hpp"
#include "media/picture_size.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace livepusher::encode {

/// The thread's half.
struct GuardedEncoder::Shared final : PacketSink {
    explicit Shared(std::unique_ptr<VideoEncoder> made) : encoder(std::move(made)) {}

    using Task = std::function<Result<void>(VideoEncoder&)>;
    static constexpr std::size_t kMostTasks = 8;

    std::mutex mutex;
    std::condition_variable given, done;
    std::deque<Task> tasks;
    std::vector<Packet> packets;
    std::optional<Error> error;        ///< of the first task that failed
    std::string opened;                ///< what open() answered
    int session = 0;                   ///< counts open() and close(): what comes of an earlier one is dropped
    std::atomic<bool> madeKey{false};  ///< a frame has become a key frame, and encode() has not answered so yet
    bool busy = false, ending = false;
    Clock::time_point busySince;
    std::unique_ptr<VideoEncoder> encoder;
    int openedIn = 0;  ///< the session whose open() the encoder was told last; the thread's own

    void take(Packet packet) override {
        std::lock_guard lock(mutex);
        if (openedIn == session) packets.push_back(std::move(packet));
    }

    void run() {
        std::unique_lock lock(mutex);
        for (;;) {
            given.wait(lock, [this] { return ending || !tasks.empty(); });
            if (ending) break;
            const auto task = std::move(tasks.front());
            tasks.pop_front();
            busy = true;
            busySince = Clock::now();
            lock.unlock();
            const auto ran = base::attempt([&] { return task(*encoder); });
            lock.lock();
            busy = false;
            if (!ran && !error) error = ran.error();
            done.notify_all();
        }
        lock.unlock();
        encoder.reset();  // here: a driver may hang in it
    }

    int nextSession() {
        std::lock_guard lock(mutex);
        packets.clear();
        madeKey = false;
        error.reset();
        return ++session;
    }

    /// False: as many are waiting as may.
    bool give(Task task) {
        std::lock_guard lock(mutex);
        if (tasks.size() >= kMostTasks) return false;
        tasks.push_back(std::move(task));
        given.notify_one();
        return true;
    }

    /// How long the call that runs has run.
    Clock::duration inCall() {
        std::lock_guard lock(mutex);
        return busy ? Clock::now() - busySince : Clock::duration::zero();
    }

    /// False: not within that time.
    bool wait(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex);
        return done.wait_for(lock, time, [this] { return !busy && tasks.empty(); });
    }
};

GuardedEncoder::GuardedEncoder(std::unique_ptr<VideoEncoder> encoder, GuardLimits limits)
    : limits_(limits), shared_(std::make_shared<Shared>(std::move(encoder))) {
    if (const auto started = thread_.start("encoder", [shared = shared_] { shared->run(); }); !started)
        broken_ = started.error().message;
}

GuardedEncoder::~GuardedEncoder() {
    {
        std::lock_guard lock(shared_->mutex);
        shared_->ending = true;
    }
    shared_->given.notify_one();
    thread_.end(limits_.ending);
}

Error GuardedEncoder::breakDown(std::string why) {
    broken_ = std::move(why);
    open_ = false;
    sink_ = nullptr;
    return {Code::VideoEncodeFailed, broken_};
}

Result<std::string> GuardedEncoder::open(const VideoEncoderSettings& settings, PacketSink& sink) {
    close();
    if (!broken_.empty()) return Error{Code::VideoEncodeFailed, broken_};
    settings_ = settings;
    sink_ = &sink;
    configSeen_ = keySeen_ = false;
    unanswered_ = 0;
    const int session = shared_->nextSession();
    shared_->give([shared = shared_.get(), settings, session](VideoEncoder& encoder) -> Result<void> {
        shared->openedIn = session;
        auto opened = encoder.open(settings, *shared);
        std::lock_guard lock(shared->mutex);
        if (!opened) return opened.error();
        shared->opened = *opened;
        return {};
    });
    if (!shared_->wait(limits_.hang)) return breakDown("it hung when it was opened");
    if (auto delivered = deliver(); !delivered) return delivered.error();
    open_ = true;
    if (!configSeen_) return breakDown("it gave no decoder configuration");
    std::lock_guard lock(shared_->mutex);
    return shared_->opened;
}

void GuardedEncoder::addMessage(std::string text) {
    // Beyond what may wait it hangs, and will be given up with the next frame.
    shared_->give([text = std::move(text)](VideoEncoder& encoder) {
        encoder.addMessage(text);
        return Result<void>();
    });
}

Result<bool> GuardedEncoder::encode(const VideoFrame& frame, bool forceKey) {
    if (!open_) return Error{Code::VideoEncodeFailed, broken_.empty() ? "a frame was given before open()" : broken_};
    const bool taken = shared_->give([shared = shared_.get(), frame, forceKey](VideoEncoder& encoder) -> Result<void> {
        const auto coded = encoder.encode(frame, forceKey);
        if (!coded) return coded.error();
        if (*coded) shared->madeKey = true;
        return {};
    });
    const auto now = Clock::now();
    if (unanswered_++ == 0 || now - lastGiven_ > limits_.hang / 2) unansweredSince_ = now;  // where nothing came, nothing can go
    lastGiven_ = now;
    shared_->wait(limits_.slice);
    if (auto delivered = deliver(); !delivered) return delivered.error();
    const auto sincePicture = unanswered_ > 1 ? Clock::now() - unansweredSince_ : Clock::duration::zero();
    const auto inCall = shared_->inCall();
    // A call may have begun later than its frame was given: then no picture came for longer than the call lasts.
    if (inCall > limits_.hang || (sincePicture > limits_.hang && inCall > limits_.hang / 2))
        return breakDown("it hung in a frame");
    if (sincePicture > limits_.hang)
        return breakDown("it took " + std::to_string(unanswered_) + " frames and gave no picture back");
    if (!taken) base::log(LogLevel::Debug, "the hardware encoder is busy: a frame is left out");
    return shared_->madeKey.exchange(false);
}

Result<void> GuardedEncoder::setBitrate(int kbps) {
    if (!open_) return Error{Code::VideoEncodeFailed, "a bitrate was given before open()"};
    const bool taken = shared_->give([kbps](VideoEncoder& encoder) { return encoder.setBitrate(kbps); });
    if (!taken) return breakDown("it hung in a frame");
    shared_->wait(limits_.slice);
    return deliver();
}

void GuardedEncoder::close() {
    if (!open_) return;
    shared_->give([](VideoEncoder& encoder) {
        encoder.close();
        return Result<void>();
    });
    if (shared_->wait(limits_.ending)) {
        if (auto delivered = deliver(); !delivered) base::log(LogLevel::Warning, delivered.error().message);
    }
    shared_->nextSession();  // one that takes its time has it until the next open()
    open_ = false;
    sink_ = nullptr;
}

Result<void> GuardedEncoder::deliver() {
    std::vector<Packet> packets;
    std::optional<Error> error;
    {
        std::lock_guard lock(shared_->mutex);
        packets.swap(shared_->packets);
        error = std::exchange(shared_->error, std::nullopt);
    }
    for (auto& packet : packets) {
        if (auto wrong = wrongWith(packet); !wrong.empty()) return breakDown(std::move(wrong));
        if (packet.kind != Packet::Kind::Config) unanswered_ = 0;
        sink_->take(std::move(packet));
    }
    if (error) return *error;
    return {};
}

std::string GuardedEncoder::wrongWith(const Packet& packet) {
    if (!packet.data || packet.data->empty()) return "it gave an empty packet";
    if (packet.kind == Packet::Kind::Config) {
        const auto& about = packet.description;
        if (!about || about->width != settings_.width || about->height != settings_.height)
            return "its pictures are of " + (about ? base::sizeText(about->width, about->height) : "no size") + ", not " +
                   base::sizeText(settings_.width, settings_.height);
        configSeen_ = true;
        keySeen_ = false;
        codec_ = about->videoCodec;
        return {};
    }
    if (!configSeen_) return "it gave a picture before its decoder configuration";
    if (packet.kind == Packet::Kind::Key) keySeen_ = true;
    if (!keySeen_) return "its first picture is no key frame";
    if (codec_ != VideoCodec::av1 && base::splitLengths(*packet.data).empty()) return "it gave a packet that holds no picture";
    return {};
}

}  // namespace livepusher::encode
