// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <chrono>
#include <future>
#include <mutex>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "base/log.hpp"
#include "capture/screen/screen_loop.hpp"

namespace livepusher::capture {
namespace {

constexpr auto kOpenWait = std::chrono::seconds(5);
constexpr auto kScreenStopWait = std::chrono::milliseconds(500);

class Screen final : public VideoSource {
public:
    explicit Screen(Spec spec) : spec_(std::move(spec)) {}
    ~Screen() override { Screen::stop(); }

    Result<VideoSourceFormat> start(const WantedVideo& wanted, Sink& sink) override;
    void stop() override;
    void interrupt() override;

private:
    /// Shared with the thread, which outlives the source when a server hangs while it greets.
    struct Run {
        Run(Spec what, const WantedVideo& wanted) : spec(std::move(what)), loop(spec, wanted, interruption, gate) {}
        const Spec spec;
        SinkGate<Sink> gate;
        Interruption interruption;
        ScreenLoop loop;
        std::promise<Result<VideoSourceFormat>> opened;
    };
    const Spec spec_;
    std::mutex mutex_;  // of run_ and interrupted_
    bool interrupted_ = false;
    std::shared_ptr<Run> run_;
    base::AbandonableThread thread_;
};

Result<VideoSourceFormat> Screen::start(const WantedVideo& wanted, Sink& sink) {
    Screen::stop();
    if (wanted.fps < 1 || wanted.fps > 240)
        return Error{Code::InvalidArgument, "screen at fps " + std::to_string(wanted.fps) + ": must be 1..240"};
    auto spec = spec_;
    auto display = displayName(spec.target);
    if (!display) return display.error();
    spec.target = *display;
    auto run = std::make_shared<Run>(std::move(spec), wanted);
    {
        std::lock_guard lock(mutex_);
        if (interrupted_) return Error{Code::Cancelled, "screen " + *display + ": given up before it was opened"};
        run_ = run;
    }
    run->gate.open(sink);
    auto opened = run->opened.get_future();
    const auto started = thread_.start("capture", [run] {
        auto format = run->loop.open();
        const bool good = format.has_value();
        run->opened.set_value(std::move(format));
        if (good) run->loop.run();
        run->loop.close();
    });
    if (!started) {
        run->gate.close();
        std::lock_guard lock(mutex_);
        run_.reset();
        return Error{Code::ScreenCaptureFailed, "screen " + *display + ": " + started.error().message};
    }
    const auto until = std::chrono::steady_clock::now() + kOpenWait;
    // interrupt() ends all waits of the thread but that for a greeting, which only the server ends.
    bool came = false;
    do {
        came = opened.wait_for(std::chrono::milliseconds(50)) == std::future_status::ready;
    } while (!came && !run->interruption.raised() && std::chrono::steady_clock::now() < until);
    Result<VideoSourceFormat> format =
        Error{Code::ScreenCaptureFailed, "screen \"" + *display + "\": the X server does not answer"};
    if (came) format = opened.get();
    if (format) return format;
    const bool given = run->interruption.raised();
    Screen::stop();
    if (given) return Error{Code::Cancelled, "screen " + *display + ": given up while it was being opened"};
    return format;
}

void Screen::stop() {
    if (!thread_.started()) return;
    run_->interruption.raise();
    run_->gate.close();
    if (!thread_.end(kScreenStopWait))
        base::log(LogLevel::Warning, "screen " + run_->spec.target + ": its X server does not answer; it is given up");
    std::lock_guard lock(mutex_);
    run_.reset();
}

void Screen::interrupt() {
    std::lock_guard lock(mutex_);
    interrupted_ = true;
    if (run_ && !run_->loop.isOpen()) run_->interruption.raise();  // stop() ends what runs
}

}  // namespace

std::unique_ptr<VideoSource> makeScreen(const Spec& spec) { return std::make_unique<Screen>(spec); }

}  // namespace livepusher::capture
