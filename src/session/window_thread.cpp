// SPDX-License-Identifier: MIT
#include "session/window_thread.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "base/queue.hpp"

#include <deque>
#include <mutex>
#include <utility>

namespace livepusher::session {

using namespace std::chrono_literals;
using display::Form;
using display::Happened;

namespace {

constexpr auto kPollInterval = 30ms;  // so often the desktop gets its responses while no picture comes
constexpr auto kIdleInterval = 1h;    // without a window only a command wakes the thread
constexpr auto kWindowPatience = 1s;  // the destructor's

}  // namespace

/// What the two threads share, and what is the window thread's own. Holds all that this thread touches: it may outlive the
/// WindowThread.
struct WindowThread::Mailbox {
    Mailbox(Settings given, ControlLoop& loop, WindowObserver& observing, const Lifetime& life)
        : settings(std::move(given)), control(loop), observer(observing), observed(life.now()) {}

    using Command = std::function<void(Mailbox&)>;

    /// Runs on the window thread, soon.
    void post(Command command) {
        {
            std::lock_guard lock(mutex);
            commands.push_back(std::move(command));
        }
        inbox.wake();
    }

    template <typename Method, typename... Arguments>
    void report(Method method, Arguments&&... arguments) {
        control.report(observed, method, &observer, std::forward<Arguments>(arguments)...);
    }

    Result<void> openWindow(int pictureWidth, int pictureHeight) {
        if (window) return {};
        window = settings.makeWindow();
        auto opened = window->open(settings.window, pictureWidth, pictureHeight);
        if (!opened) window.reset();
        return opened;
    }

    void poll() {
        if (!window) return;
        const auto happened = window->poll();
        if (const int notches = window->wheel(); notches != 0) report(&WindowObserver::windowWheelTurned, notches);
        for (const auto key : window->keys()) report(&WindowObserver::windowKeyPressed, key);
        if (happened == Happened::Nothing) return;
        window.reset();
        if (happened == Happened::Closed)
            report(&WindowObserver::windowDismissed);
        else
            report(&WindowObserver::windowGone, Error{Code::NotAvailable, "the desktop is gone"});
    }

    void run() {
        if (const auto ran = base::attempt([this] { serve(); }); !ran) report(&WindowObserver::windowGone, ran.error());
        window.reset();  // here: the desktop may take its time
    }

    void serve() {
        while (!inbox.closed()) {
            const std::chrono::milliseconds wait = window ? kPollInterval : kIdleInterval;
            const auto draw = inbox.popUntil(std::chrono::steady_clock::now() + wait);
            std::deque<Command> due;
            {
                std::lock_guard lock(mutex);
                due.swap(commands);
            }
            for (const auto& command : due) command(*this);
            if (draw && window && !inbox.closed()) (*draw)(*window);
            poll();
        }
    }

    const Settings settings;
    base::Queue<Draw> inbox{1};

    std::mutex mutex;
    std::deque<Command> commands;

    // Touched by reports alone, while the WindowThread is there:
    ControlLoop& control;
    WindowObserver& observer;
    const Lifetime::Stretch observed;

    // The window thread's own:
    std::unique_ptr<display::Window> window;
};

WindowThread::WindowThread(Settings settings, ControlLoop& control, WindowObserver& observer)
    : mailbox_(std::make_shared<Mailbox>(std::move(settings), control, observer, alive_)) {
    if (const auto started = thread_.start("window", [mailbox = mailbox_] { mailbox->run(); }); !started)
        mailbox_->report(&WindowObserver::windowGone, why_ = started.error());
}

WindowThread::~WindowThread() {
    mailbox_->inbox.close();
    alive_.renew();
    if (!thread_.end(kWindowPatience))
        base::log(LogLevel::Warning, mailbox_->settings.name + ": the desktop does not answer; it is not waited for");
}

void WindowThread::open(int pictureWidth, int pictureHeight) {
    mailbox_->post([pictureWidth, pictureHeight](Mailbox& mailbox) {
        if (auto opened = mailbox.openWindow(pictureWidth, pictureHeight); !opened)
            mailbox.report(&WindowObserver::windowGone, opened.error());
    });
}

void WindowThread::close() {
    mailbox_->post([](Mailbox& mailbox) { mailbox.window.reset(); });
}

void WindowThread::setForm(Form form, Rotation turn, int pictureWidth, int pictureHeight, Reply reply) {
    if (!thread_.started()) return reply(why_);
    mailbox_->post(
        [form, turn, pictureWidth, pictureHeight, respond = mailbox_->control.bind(alive_, std::move(reply))](Mailbox& mailbox) {
            auto outcome = mailbox.openWindow(pictureWidth, pictureHeight);
            if (outcome) outcome = mailbox.window->setForm(form, turn);
            respond(outcome);
        });
}

void WindowThread::show(Draw draw) { mailbox_->inbox.push(std::move(draw)); }

}  // namespace livepusher::session
