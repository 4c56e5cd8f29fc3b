// SPDX-License-Identifier: MIT
#include "pipeline/preview_window_thread.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "base/queue.hpp"

#include <deque>
#include <mutex>
#include <utility>

namespace livepusher::pipeline {

using namespace std::chrono_literals;
using display::Form;
using display::Happened;

namespace {

constexpr auto kPollInterval = 30ms;  // so often the desktop gets its responses while no picture comes
constexpr auto kIdleInterval = 1h;    // without a window only a command wakes the thread
constexpr auto kWindowPatience = 1s;  // the destructor's

}  // namespace

/// What the two threads share, and what is the window thread's own. Holds all that this thread touches: it may outlive the
/// PreviewWindowThread.
struct PreviewWindowThread::Mailbox {
    Mailbox(display::WindowFactory factory, PreviewWindow options, std::shared_ptr<const View> pictures,
            session::ControlLoop& loop, PreviewWindowObserver& observing, const session::Lifetime& life)
        : make(std::move(factory)),
          wanted(std::move(options)),
          view(std::move(pictures)),
          control(loop),
          observer(observing),
          observed(life.now()) {}

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
        window = make();
        auto opened = window->open(wanted, pictureWidth, pictureHeight);
        if (!opened) window.reset();
        return opened;
    }

    void poll() {
        if (!window) return;
        const auto happened = window->poll();
        if (const int notches = window->wheel(); notches != 0) report(&PreviewWindowObserver::windowWheelTurned, notches);
        if (happened == Happened::Nothing) return;
        window.reset();
        if (happened == Happened::Closed)
            report(&PreviewWindowObserver::windowDismissed);
        else
            report(&PreviewWindowObserver::windowGone, Error{Code::NotAvailable, "the desktop is gone"});
    }

    void run() {
        if (const auto ran = base::attempt([this] { serve(); }); !ran) report(&PreviewWindowObserver::windowGone, ran.error());
        window.reset();  // here: the desktop may take its time
    }

    void serve() {
        while (!inbox.closed()) {
            const std::chrono::milliseconds wait = window ? kPollInterval : kIdleInterval;
            const auto shown = inbox.popUntil(std::chrono::steady_clock::now() + wait);
            std::deque<Command> due;
            {
                std::lock_guard lock(mutex);
                due.swap(commands);
            }
            for (const auto& command : due) command(*this);
            if (shown && window && !inbox.closed()) window->show(view->of(*shown), {});
            poll();
        }
    }

    const display::WindowFactory make;
    const PreviewWindow wanted;
    const std::shared_ptr<const View> view;
    base::Queue<Shown> inbox{1};

    std::mutex mutex;
    std::deque<Command> commands;

    // Touched by reports alone, while the PreviewWindowThread is there:
    session::ControlLoop& control;
    PreviewWindowObserver& observer;
    const session::Lifetime::Stretch observed;

    // The window thread's own:
    std::unique_ptr<display::Window> window;
};

PreviewWindowThread::PreviewWindowThread(display::WindowFactory make, PreviewWindow wanted, std::shared_ptr<const View> view,
                                         session::ControlLoop& control, PreviewWindowObserver& observer)
    : mailbox_(std::make_shared<Mailbox>(std::move(make), std::move(wanted), std::move(view), control, observer, alive_)) {
    if (const auto started = thread_.start("window", [mailbox = mailbox_] { mailbox->run(); }); !started)
        mailbox_->report(&PreviewWindowObserver::windowGone, why_ = started.error());
}

PreviewWindowThread::~PreviewWindowThread() {
    mailbox_->inbox.close();
    alive_.renew();
    if (!thread_.end(kWindowPatience))
        base::log(LogLevel::Warning, "preview window: the desktop does not answer; it is not waited for");
}

void PreviewWindowThread::open(int pictureWidth, int pictureHeight) {
    mailbox_->post([pictureWidth, pictureHeight](Mailbox& mailbox) {
        if (auto opened = mailbox.openWindow(pictureWidth, pictureHeight); !opened)
            mailbox.report(&PreviewWindowObserver::windowGone, opened.error());
    });
}

void PreviewWindowThread::close() {
    mailbox_->post([](Mailbox& mailbox) { mailbox.window.reset(); });
}

void PreviewWindowThread::setForm(Form form, int pictureWidth, int pictureHeight, session::Reply reply) {
    if (!thread_.started()) return reply(why_);
    mailbox_->post(
        [form, pictureWidth, pictureHeight, respond = mailbox_->control.bind(alive_, std::move(reply))](Mailbox& mailbox) {
            auto outcome = mailbox.openWindow(pictureWidth, pictureHeight);
            if (outcome) outcome = mailbox.window->setForm(form, Rotation::None);
            respond(outcome);
        });
}

void PreviewWindowThread::show(Shown shown) { mailbox_->inbox.push(std::move(shown)); }

}  // namespace livepusher::pipeline
