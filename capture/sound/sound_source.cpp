// SPDX-License-Identifier: MIT
#include "capture/sound/sound_source.hpp"

#include <algorithm>
#include <condition_variable>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "av/resampler.hpp"
#include "base/frame_time.hpp"
#include "base/log.hpp"
#include "capture/arrival_clock.hpp"
#include "capture/sink_gate.hpp"
#include "capture/sound/heard_sides.hpp"
#include "capture/sound/reported_latency.hpp"
#include "capture/sound/silence_watch.hpp"
#include "capture/sound/sound_input.hpp"
#include "capture/source_makers.hpp"
#include "sound/alsa_cards.hpp"

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;

constexpr int kSoundSoftness = 64;
constexpr Timestamp kSoundOpenWait = 4s;  // for all that is tried at start()
constexpr Timestamp kServerWait = 3s;     // for one server to answer
constexpr Timestamp kRetryAfter = 300ms;
constexpr Timestamp kSoundLook = 50ms;  // how long a device may be waited for at once
constexpr auto kSoundStopWait = 400ms;

using Clock = std::chrono::steady_clock;

/// A microphone is always asked for both channels: which of them are heard is found out here.
WantedAudio forDevice(SourceKind kind, WantedAudio wanted) {
    if (kind == SourceKind::Microphone) wanted.channels = 2;
    return wanted;
}

std::string plainId(const std::string& id) { return id == "default" || id == "@DEFAULT_SOURCE@" ? "" : id; }

}  // namespace

/// Shared with the thread, which may outlive the source when a driver hangs.
struct SoundSource::Run final : SoundTaker {
    Run(const Spec& spec, const WantedAudio& wanted, bool keepLooking)
        : order(std::make_shared<SoundOrder>()),
          persistent(keepLooking),
          channels(wanted.channels),
          resampler(forDevice(spec.kind, wanted)),
          sides(wanted) {
        order->kind = spec.kind;
        order->id = plainId(spec.target);
        order->wanted = forDevice(spec.kind, wanted);
        order->role = wanted.role;
        order->micChannels = wanted.micChannels;
    }

    void main();
    void breakOff(const Error& error);
    Result<void> open();
    Result<void> openAny();
    void hear();
    void take(const SoundBlock& block) override;
    void chooseSides();
    void lookForSilence();
    void tell(Code code, const std::string& text) { gate.tell(&Sink::code, code, text); }
    /// False: it is to end.
    bool sleepUntil(Timestamp moment) {
        std::unique_lock lock(mutex);
        return !changed.wait_until(lock, Clock::time_point(moment), [&] { return order->quit.load(); });
    }
    void quit() {
        std::lock_guard lock(mutex);
        order->quit = true;
        if (input) input->wake();
        changed.notify_all();
    }
    void use(std::unique_ptr<SoundInput> other) {
        {
            std::lock_guard lock(mutex);
            std::swap(input, other);
        }
        if (order->quit && input) input->wake();
    }

    const std::shared_ptr<SoundOrder> order;
    const bool persistent;
    const int channels;  ///< that are given on
    SinkGate<Sink> gate;

    std::mutex mutex;
    std::condition_variable changed;
    std::unique_ptr<SoundInput> input;  ///< changed by the thread alone
    std::optional<Result<void>> answer;

    // The thread's own.
    Resampler resampler;
    HeardSides sides;
    HeardSides::Dead dead = HeardSides::Dead::None;
    ReportedLatency latency;
    ArrivalClock clock{kSoundSoftness};
    SilenceWatch watch;
    std::vector<float> samples, heard;
    bool broken = false;
    bool known = false;  ///< it has been open once: `input` is the one that is looked for
};

/// The sound server first; a card alone where it is named or there is no server.
Result<void> SoundSource::Run::openAny() {
    const bool alsa = order->kind == SourceKind::Microphone && sound::isAlsaId(order->id);
    if (!alsa) {
        use(makePulseInput(order));
        auto opened = input->open(now() + kServerWait);
        const bool other = order->kind == SourceKind::Microphone && order->id.empty();
        if (opened || opened.error().code == Code::Cancelled || !other || !input->noServer()) return opened;
        use(makeAlsaInput(order));
        auto card = input->open(now() + kServerWait);
        if (card || card.error().code == Code::MicrophoneDenied) return card;
        return Error{Code::MicrophoneFailed, opened.error().message + "; ALSA: " + card.error().message, opened.error().native};
    }
    use(makeAlsaInput(order));
    return input->open(now() + kServerWait);
}

Result<void> SoundSource::Run::open() {
    auto opened = known ? input->open(now() + kServerWait) : openAny();
    if (!opened) return opened;
    known = true;
    latency.begin();
    clock.reset();
    resampler.reset();
    sides.reset();
    watch.begin(now());
    return opened;
}

void SoundSource::Run::main() {
    auto opened = open();
    const bool good = opened.has_value();
    {
        std::lock_guard lock(mutex);
        answer = opened;
    }
    changed.notify_all();
    if (good) base::log(LogLevel::Info, order->title() + ": opened " + input->name());
    for (bool there = good; !order->quit && (good || persistent); there = true) {
        if (there) hear();
        // It has gone.
        std::string why;
        while (sleepUntil(now() + kRetryAfter)) {
            if (opened = open(); opened) break;
            if (std::exchange(why, opened.error().message) != why) base::log(LogLevel::Debug, "still gone: " + why);
        }
        if (!order->quit) base::log(LogLevel::Info, order->title() + ": is there again: " + input->name());
    }
    use(nullptr);  // here: closing it may take a driver's time
}

/// What main() has thrown.
void SoundSource::Run::breakOff(const Error& error) {
    bool open = false;
    {
        std::lock_guard lock(mutex);
        open = answer.has_value();
        if (!open) answer = error;
    }
    use(nullptr);
    changed.notify_all();
    if (open) gate.failed(error);
}

/// Until it is gone, which is told, or to end.
void SoundSource::Run::hear() {
    while (!order->quit) {
        const auto alive = input->read(now() + kSoundLook, *this);
        if (order->quit) return;
        if (!alive) return tell(Code::MicrophoneFailed, alive.error().message + "; it is looked for and goes on when it is back");
        lookForSilence();
    }
}

void SoundSource::Run::take(const SoundBlock& block) {
    const auto length = base::lengthOf(block.frames, block.sampleRate);
    const auto moment = now();
    const auto age = std::max(latency.age(block.told, std::max(block.waiting, length), moment), length);
    const auto pts = clock.stamp(moment - age, length);
    if (!pts) return;
    const auto delay = resampler.delay();
    samples.clear();
    const auto made = resampler.convert(block.samples, block.frames, block.format, block.sampleRate, block.channels, samples);
    if (!made) {
        if (!std::exchange(broken, true)) gate.failed(made.error());
        return;
    }
    if (samples.empty()) return;
    if (SilenceWatch::sounds(samples.data(), samples.size()) && watch.hear(moment))
        base::log(LogLevel::Info, order->title() + ": gives sound again");
    if (order->kind == SourceKind::Microphone) chooseSides();
    gate.tell(&Sink::samples, samples.data(), samples.size() / static_cast<std::size_t>(channels), *pts - delay);
}

void SoundSource::Run::chooseSides() {
    heard.clear();
    const auto wanted = order->micChannels.load();
    sides.process(samples.data(), samples.size() / 2, wanted, heard);
    samples.swap(heard);
    if (std::exchange(dead, sides.dead()) == sides.dead() || wanted != MicChannels::automatic) return;
    const std::string left = dead == HeardSides::Dead::Left ? "left" : "right";
    base::log(LogLevel::Info,
              order->title() + (dead == HeardSides::Dead::None
                                    ? ": both channels give sound, both are heard"
                                    : ": its " + left + " channel is dead; the other one is heard on both sides"));
}

/// What the machine plays may well be silence.
void SoundSource::Run::lookForSilence() {
    if (order->kind == SourceKind::System || !watch.look(now())) return;
    const auto why = input->whySilent();
    tell(Code::MicrophoneSilent,
         order->title() + ": has given no sound for 3 s" + (why.empty() ? ": check its mute switch and level" : ": " + why));
}

SoundSource::SoundSource(const Spec& spec) : spec_(spec) {}

SoundSource::~SoundSource() { SoundSource::stop(); }

Result<void> SoundSource::start(const WantedAudio& wanted, Sink& sink) {
    begin(wanted, sink, false);
    return opened();
}

void SoundSource::begin(const WantedAudio& wanted, Sink& sink, bool persistent) {
    SoundSource::stop();
    auto run = std::make_shared<Run>(spec_, wanted, persistent);
    {
        std::lock_guard lock(mutex_);
        run_ = run;
        if (interrupted_) run->answer = Error{Code::Cancelled, run->order->title() + ": given up before it was opened"};
    }
    if (auto good = Resampler::check(wanted); !good && !run->answer) run->answer = good;
    if (run->answer) return;
    run->gate.open(sink);
    const auto started = thread_.start(
        "capture", [run] { run->main(); }, [run](const Error& error) { run->breakOff(error); });
    if (started) return;
    run->gate.close();
    run->answer = Error{Code::MicrophoneFailed, run->order->title() + ": " + started.error().message};
}

Result<void> SoundSource::opened() {
    const auto run = run_;
    std::unique_lock lock(run->mutex);
    run->changed.wait_for(lock, kSoundOpenWait, [&] { return run->answer || run->order->quit; });
    auto answer = run->answer.value_or(Error{Code::MicrophoneFailed, run->order->title() + ": does not answer"});
    if (run->order->quit) answer = Error{Code::Cancelled, run->order->title() + ": given up while it was being opened"};
    const bool persists = run->persistent && !run->order->quit && thread_.started();
    lock.unlock();
    if (!answer && !persists) stop();
    return answer;
}

void SoundSource::stop() {
    const auto run = run_;
    if (!run) return;
    run->gate.close();
    run->quit();
    if (!thread_.end(kSoundStopWait))
        base::log(LogLevel::Warning, run->order->title() + ": its driver does not answer; it is given up");
    std::lock_guard lock(mutex_);
    run_.reset();
}

void SoundSource::interrupt() {
    std::shared_ptr<Run> run;
    {
        std::lock_guard lock(mutex_);
        interrupted_ = true;
        run = run_;
    }
    if (!run) return;
    {
        std::lock_guard lock(run->mutex);
        if (run->answer) return;  // start() has it already; stop() ends what runs
    }
    run->quit();
}

void SoundSource::setRole(AudioVolumeType role) {
    if (const auto run = run_) run->order->role = role;  // seen within one wait of the thread
}

void SoundSource::setMicChannels(MicChannels channels) {
    if (const auto run = run_) run->order->micChannels = channels;
}

std::unique_ptr<AudioSource> makeSystemSound(const Spec& spec) { return std::make_unique<SoundSource>(spec); }

}  // namespace livepusher::capture
