// SPDX-License-Identifier: MIT
#include "pipeline/preview_window_thread.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "base/queue.hpp"
#include "base/thread.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace livepusher::pipeline {

using namespace std::chrono_literals;
using display::Form;
using display::Happened;

namespace {

constexpr auto kPollInterval = 30ms;  // so often the desktop gets its answers while no picture comes
constexpr auto kIdleInterval = 1h;    // without a window only a command wakes the thread
constexpr auto kWindowPatience = 1s;  // the destructor's

}  // namespace

/// What the two threads share, and what is the window thread's own. Holds all that this thread touches: it may outlive the
/// PreviewWindowThread.
struct PreviewWindowThread::Desk {
    Desk(display::WindowFactory factory, PreviewWindow options, std::shared_ptr<const View> pictures, ControlLoop& loop)
        : make(std::move(factory)), wanted(std::move(options)), view(std::move(pictures)), control(&loop) {}

    using Command = std::function<void(Desk&)>;

    void run();
    void serve();
    void obey(Command command);
    void tell(std::function<void()> task);
    Result<void> openWindow(int pictureWidth, int pictureHeight);
    void showNewest(const Shown& shown);
    void poll();

    const display::WindowFactory make;
    const PreviewWindow wanted;
    const std::shared_ptr<const View> view;
    base::Queue<Shown> inbox{1};

    std::mutex mutex;
    std::condition_variable ended;
    std::deque<Command> commands;
    ControlLoop* control;  // null once the PreviewWindowThread is gone
    bool over = false;

    // The window thread's own:
    std::unique_ptr<display::Window> window;
    std::function<void(Error)> onNone;
    std::function<void()> onDismissed;
    std::function<void(int)> onWheel;
};

/// Runs on the window thread, soon.
void PreviewWindowThread::Desk::obey(Command command) {
    {
        std::lock_guard lock(mutex);
        commands.push_back(std::move(command));
    }
    inbox.wake();
}

/// To control, unless the PreviewWindowThread is gone.
void PreviewWindowThread::Desk::tell(std::function<void()> task) {
    std::lock_guard lock(mutex);  // over the few instructions of the push, so that control is still there
    if (control) control->post(std::move(task));
}

Result<void> PreviewWindowThread::Desk::openWindow(int pictureWidth, int pictureHeight) {
    if (window) return {};
    window = make();
    auto opened = window->open(wanted, pictureWidth, pictureHeight);
    if (!opened) window.reset();
    return opened;
}

void PreviewWindowThread::Desk::showNewest(const Shown& shown) {
    if (window) window->show(view->of(shown));
}

void PreviewWindowThread::Desk::poll() {
    if (!window) return;
    const auto happened = window->poll();
    if (const int notches = window->wheel(); notches != 0) onWheel(notches);
    if (happened == Happened::Nothing) return;
    window.reset();
    if (happened == Happened::Closed)
        onDismissed();
    else
        onNone({Code::NotAvailable, "the desktop is gone"});
}

void PreviewWindowThread::Desk::run() {
    if (const auto ran = base::attempt([this] { serve(); }); !ran) onNone(ran.error());
    window.reset();
    std::lock_guard lock(mutex);
    over = true;
    ended.notify_all();
}

void PreviewWindowThread::Desk::serve() {
    while (!inbox.closed()) {
        const auto wait = window ? std::chrono::milliseconds(kPollInterval) : std::chrono::milliseconds(kIdleInterval);
        const auto shown = inbox.popUntil(std::chrono::steady_clock::now() + wait);
        std::deque<Command> due;
        {
            std::lock_guard lock(mutex);
            due.swap(commands);
        }
        for (const auto& command : due) command(*this);
        if (shown && !inbox.closed()) showNewest(*shown);
        poll();
    }
}

PreviewWindowThread::PreviewWindowThread(display::WindowFactory make, PreviewWindow wanted, std::shared_ptr<const View> view,
                                         ControlLoop& control, Output output)
    : output_(std::move(output)), desk_(std::make_shared<Desk>(std::move(make), std::move(wanted), std::move(view), control)) {
    desk_->onNone = [this, desk = desk_.get(), life = std::weak_ptr(alive_)](const Error& error) {
        desk->tell([this, life, error] {
            if (!life.expired()) output_.onNone(error);
        });
    };
    desk_->onDismissed = [this, desk = desk_.get(), life = std::weak_ptr(alive_)] {
        desk->tell([this, life] {
            if (!life.expired()) output_.onDismissed();
        });
    };
    desk_->onWheel = [this, desk = desk_.get(), life = std::weak_ptr(alive_)](int notches) {
        desk->tell([this, life, notches] {
            if (!life.expired()) output_.onWheel(notches);
        });
    };
    auto thread = base::startThread("window", [desk = desk_] { desk->run(); });
    if (thread)
        thread_ = std::move(*thread);
    else
        desk_->onNone(why_ = thread.error());
}

PreviewWindowThread::~PreviewWindowThread() {
    desk_->inbox.close();
    std::unique_lock lock(desk_->mutex);
    desk_->control = nullptr;
    if (!thread_.joinable()) return;
    const bool over = desk_->ended.wait_for(lock, kWindowPatience, [this] { return desk_->over; });
    lock.unlock();
    if (over) {
        thread_.join();
    } else {
        base::log(LogLevel::Warning, "preview window: the desktop does not answer; it is not waited for");
        thread_.detach();
    }
}

void PreviewWindowThread::open(int pictureWidth, int pictureHeight) {
    desk_->obey([pictureWidth, pictureHeight](Desk& desk) {
        if (auto opened = desk.openWindow(pictureWidth, pictureHeight); !opened) desk.onNone(opened.error());
    });
}

void PreviewWindowThread::close() {
    desk_->obey([](Desk& desk) { desk.window.reset(); });
}

void PreviewWindowThread::setForm(Form form, int pictureWidth, int pictureHeight, Reply reply) {
    if (!thread_.joinable()) return reply(why_);
    desk_->obey([form, pictureWidth, pictureHeight, reply = std::move(reply), life = std::weak_ptr(alive_)](Desk& desk) {
        auto outcome = desk.openWindow(pictureWidth, pictureHeight);
        if (outcome) outcome = desk.window->setForm(form);
        desk.tell([reply, outcome, life] {
            if (!life.expired()) reply(outcome);
        });
    });
}

void PreviewWindowThread::show(Shown shown) { desk_->inbox.push(std::move(shown)); }

}  // namespace livepusher::pipeline
