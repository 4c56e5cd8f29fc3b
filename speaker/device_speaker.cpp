// SPDX-License-Identifier: MIT
#include "speaker/device_speaker.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <variant>

#include "base/log.hpp"
#include "base/thread.hpp"
#include "sound/alsa_cards.hpp"
#include "speaker/silent_clock.hpp"
#include "speaker/speakers.hpp"
#include "speaker/turn.hpp"

namespace livepusher::speaker {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kFirstAnswer = 1s;  // then time goes on without sound
constexpr Timestamp kServerWait = 3s;   // for one server to answer
constexpr Timestamp kRetryAfter = 300ms;
constexpr Timestamp kLook = 50ms;   // how long a device may be waited for at once
constexpr Timestamp kHung = 500ms;  // without a sample taken
constexpr auto kCloseWait = 400ms;

using Clock = std::chrono::steady_clock;

struct Opened {
    std::string device;
};
struct Moved {
    std::string device;
};
struct Lost {
    Turn::Holder holder;  ///< kNobody: it could not be opened
    Error why;
};
using Report = std::variant<Opened, Moved, Lost>;

}  // namespace

/// Shared with the device's thread.
struct DeviceSpeaker::Run {
    Run(const SpeakerOptions& options, SampleSource& source, OutputMakers makers)
        : turn(source), order(std::make_shared<OutputOrder>()), make(std::move(makers)) {
        order->device = options.device == "default" ? "" : options.device;
        order->role = options.role;
        order->latency = options.latency.count();
    }

    void main();
    Result<void> open();
    Error play(Turn::Holder holder);

    void report(Report report) {
        {
            std::lock_guard lock(mutex);
            reports.push_back(std::move(report));
        }
        changed.notify_all();
    }
    /// False: it is to end.
    bool sleepUntil(Timestamp moment) {
        std::unique_lock lock(mutex);
        return !changed.wait_until(lock, Clock::time_point(moment), [&] { return order->quit.load(); });
    }
    void quit() {
        std::lock_guard lock(mutex);
        order->quit = true;
        if (output) output->wake();
        changed.notify_all();
    }
    void use(std::unique_ptr<SoundOutput> other) {
        std::unique_lock lock(mutex);
        std::swap(output, other);
        if (order->quit && output) output->wake();
        lock.unlock();  // before the other one goes, which may take a driver's time
    }
    void wake() {
        std::lock_guard lock(mutex);
        if (output) output->wake();
    }

    Turn turn;
    const std::shared_ptr<OutputOrder> order;
    const OutputMakers make;
    std::mutex mutex;
    std::condition_variable changed;
    std::unique_ptr<SoundOutput> output;  ///< changed by the device's thread alone
    std::deque<Report> reports;           ///< for the watch
    bool known = false;                   ///< it has been open once: `output` is the one that is looked for
};

Result<void> DeviceSpeaker::Run::open() {
    if (known) return output->open(now() + kServerWait);
    if (sound::isAlsaId(order->device)) {
        use(make.card(order));
        return output->open(now() + kServerWait);
    }
    use(make.server(order));
    auto opened = output->open(now() + kServerWait);
    if (opened || opened.error().code == Code::Cancelled || !order->device.empty() || !output->noServer()) return opened;
    use(make.card(order));
    auto card = output->open(now() + kServerWait);
    if (card) return card;
    return Error{card.error().code, opened.error().message + "; ALSA: " + card.error().message, opened.error().native};
}

/// Until it is gone, or to end.
Error DeviceSpeaker::Run::play(Turn::Holder holder) {
    struct Fed final : Feed {
        Fed(Run& of, Turn::Holder by) : run(of), holder(by) {}
        bool fill(std::span<float> samples) override { return run.turn.fill(holder, samples); }
        std::int64_t filled() const override { return run.turn.filled(); }
        void heard(std::int64_t frames, Timestamp at) override { run.turn.tell(holder, frames, at); }
        void beginAnew() override { run.turn.beginLine(holder); }
        void moved(const std::string& device) override {
            run.turn.beginLine(holder);
            run.report(Moved{device});
        }
        Run& run;
        const Turn::Holder holder;
    } feed(*this, holder);
    while (!order->quit)
        if (auto alive = output->play(now() + kLook, feed); !alive) return alive.error();
    return {Code::Cancelled, order->title() + ": closed"};
}

void DeviceSpeaker::Run::main() {
    std::string why;
    for (auto holder = Turn::kFirstDevice; !order->quit; ++holder) {
        if (auto opened = open(); opened) {
            known = true;
            why.clear();
            if (!turn.take(holder)) break;
            report(Opened{output->name()});
            auto ended = play(holder);
            if (order->quit) break;
            report(Lost{holder, std::move(ended)});
        } else if (std::exchange(why, opened.error().message) != why && !order->quit) {
            report(Lost{Turn::kNobody, opened.error()});
        }
        if (!sleepUntil(now() + kRetryAfter)) break;
    }
    use(nullptr);  // here: closing it may take a driver's time
}

/// What the watching thread knows.
struct DeviceSpeaker::Watch {
    Watch(std::shared_ptr<Run> of, SpeakerObserver& to) : run(std::move(of)), observer(to) {}

    void main();
    void hear(const Report& report);
    void lose(const Error& why);
    void look();
    void tick();
    Timestamp next() const;

    const std::shared_ptr<Run> run;
    SpeakerObserver& observer;
    const Timestamp patience = now() + kFirstAnswer;  ///< for the first answer
    SilentClock clock;
    bool lost = false;  ///< and that was told
};

void DeviceSpeaker::Watch::main() {
    for (;;) {
        std::deque<Report> reports;
        {
            std::unique_lock lock(run->mutex);
            run->changed.wait_until(lock, Clock::time_point(next()), [&] { return run->order->quit || !run->reports.empty(); });
            if (run->order->quit) return;
            reports.swap(run->reports);
        }
        for (const auto& report : reports) hear(report);
        look();
        if (run->turn.holder() == Turn::kClock) tick();
    }
}

/// When there is something to do without a report.
Timestamp DeviceSpeaker::Watch::next() const {
    switch (run->turn.holder()) {
        case Turn::kNobody: return patience;
        case Turn::kClock: return clock.next();
        default: return run->turn.lastFill() + kHung;
    }
}

void DeviceSpeaker::Watch::hear(const Report& report) {
    const auto title = run->order->title();
    if (const auto* opened = std::get_if<Opened>(&report)) {
        base::log(LogLevel::Info, title + (std::exchange(lost, false) ? ": is heard again: " : ": opened ") + opened->device);
        observer.onSpeakerOpened(opened->device);
    } else if (const auto* moved = std::get_if<Moved>(&report)) {
        base::log(LogLevel::Info, title + ": the sound has moved to " + moved->device);
        observer.onSpeakerMoved(moved->device);
    } else if (const auto* gone = std::get_if<Lost>(&report)) {
        // Where it was the clock's turn already, that it hangs has been told; one that is opened meanwhile holds another turn.
        if (run->turn.take(gone->holder, Turn::kClock)) {
            clock.begin(now());
            lose(gone->why);
        } else if (run->turn.holder() == Turn::kClock) {
            base::log(LogLevel::Debug, "still no sound: " + gone->why.message);
        }
    }
}

void DeviceSpeaker::Watch::lose(const Error& why) {
    lost = true;
    base::log(LogLevel::Warning, why.message + "; time goes on without sound, and it is looked for");
    observer.onSpeakerLost(why);
}

/// Whether it still takes samples.
void DeviceSpeaker::Watch::look() {
    const auto holder = run->turn.holder();
    if (holder == Turn::kClock || now() < next() || !run->turn.take(holder, Turn::kClock)) return;
    clock.begin(now());
    lose({Code::NotAvailable, run->order->title() + (holder == Turn::kNobody ? ": no sound server or card has answered yet"
                                                                             : ": takes no more sound")});
}

void DeviceSpeaker::Watch::tick() {
    if (clock.stoodStill(now())) {
        clock.begin(now());
        run->turn.beginLine(Turn::kClock);
    }
    std::array<float, SilentClock::kBlock * kFormat.channels> block;
    while (clock.next() <= now()) {
        const auto first = run->turn.filled();
        if (!run->turn.fill(Turn::kClock, block)) return;
        run->turn.tell(Turn::kClock, first, clock.next());
        clock.taken();
    }
}

DeviceSpeaker::DeviceSpeaker(OutputMakers makers) : makers_(std::move(makers)) {}

DeviceSpeaker::~DeviceSpeaker() { DeviceSpeaker::close(); }

Result<void> DeviceSpeaker::open(const SpeakerOptions& options, SampleSource& source, SpeakerObserver& observer) {
    if (watch_.joinable()) return Error{Code::InvalidState, "the speaker is open already"};
    const auto run = std::make_shared<Run>(options, source, makers_);
    {
        std::lock_guard lock(mutex_);
        run_ = run;
    }
    const auto failed = [&](const Error& why) {
        close();
        return Error{why.code, run->order->title() + ": " + why.message, why.native};
    };
    const auto watch = std::make_shared<Watch>(run, observer);
    if (options.device == kNoDevice) {
        run->turn.take(Turn::kClock);
        watch->clock.begin(now());
    }
    auto watching = base::startThread("speaker", [watch] { watch->main(); });
    if (!watching) return failed(watching.error());
    watch_ = std::move(*watching);
    if (options.device == kNoDevice) return {};
    const auto started = device_.start(
        "speaker device", [run] { run->main(); },
        [run](const Error& error) {
            run->use(nullptr);
            run->report(Lost{run->turn.holder(), error});
        });
    if (!started) return failed(started.error());
    return {};
}

void DeviceSpeaker::setRole(Role role) {
    if (!watch_.joinable()) return;
    run_->order->role = role;
    run_->wake();
}

void DeviceSpeaker::setLatency(Timestamp latency) {
    if (!watch_.joinable()) return;
    run_->order->latency = latency.count();
    run_->wake();
}

std::optional<Heard> DeviceSpeaker::heard() const {
    std::shared_ptr<Run> run;
    {
        std::lock_guard lock(mutex_);
        run = run_;
    }
    return run ? run->turn.heard() : std::nullopt;
}

void DeviceSpeaker::close() {
    const auto run = run_;
    if (!run) return;
    run->turn.close();
    run->quit();
    if (watch_.joinable()) watch_.join();
    if (!device_.end(kCloseWait))
        base::log(LogLevel::Warning, run->order->title() + ": its driver does not answer; it is given up");
    std::lock_guard lock(mutex_);
    run_.reset();
}

Error outputGivenUp(const OutputOrder& order) {
    return {Code::NotAvailable, order.title() + ": had stopped taking sound, and is opened anew"};
}

std::unique_ptr<Speaker> makeSpeaker() { return std::make_unique<DeviceSpeaker>(OutputMakers{makePulseOutput, makeAlsaOutput}); }

}  // namespace livepusher::speaker
