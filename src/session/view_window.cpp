// SPDX-License-Identifier: MIT
#include "session/view_window.hpp"

#include "base/log.hpp"

#include <utility>

namespace livepusher::session {

namespace {

/// What the window does for a direction of the full screen.
Rotation turnOf(const ViewForm& form) {
    if (form.direction == 0) return Rotation::None;
    return form.direction > 0 ? Rotation::Cw270 : Rotation::Cw90;
}

}  // namespace

ViewWindow::ViewWindow(Settings settings, ControlLoop& control, ViewWindowObserver& observer)
    : window_(settings.window),
      words_(settings.words),
      hasWindow_(settings.makeWindow != nullptr),
      applicationDraws_(settings.applicationDraws),
      observer_(observer) {
    if (!window_.enabled || !hasWindow_) return;
    thread_ = std::make_unique<WindowThread>(WindowThread::Settings{window_, std::move(settings.makeWindow), words_.window},
                                             control, *this);
}

std::string ViewWindow::noWindow() const {
    return std::string("this build has no ") + words_.window + " (CMake: LIVEPUSHER_WITH_SDL)";
}

Result<void> ViewWindow::check() const {
    if (!window_.enabled) return {};
    if (!hasWindow_)
        return Error{Code::NotAvailable, noWindow() + "; turn window.enabled off, and draw the pictures of " + words_.handler};
    constexpr int kMost = 8192;
    for (const int length : {window_.width, window_.height})
        if (length < 0 || length > kMost)
            return Error{Code::InvalidArgument, std::string(words_.window) + " of " +
                                                    base::sizeText(window_.width, window_.height) +
                                                    ": must be 1..8192 each, or 0 for its own size"};
    return {};
}

void ViewWindow::open(base::PictureSize picture) {
    whyNoWindow_.clear();
    if (thread_) thread_->open(picture.width, picture.height);
}

void ViewWindow::close() {
    leave({Code::Cancelled, std::string(words_.view) + " was closed"});
    if (thread_) thread_->close();
}

void ViewWindow::change(ViewForm to, base::PictureSize picture, Reply reply) {
    reply_ = std::move(reply);
    bring(to, picture, change_.guard([this, to](const Result<void>& done) {
        if (done) arrive(to);
        std::exchange(reply_, {})(done);
    }));
}

/// Replies once, now or later.
void ViewWindow::bring(ViewForm to, base::PictureSize picture, Reply reply) {
    if (thread_ && whyNoWindow_.empty())
        return thread_->setForm(to.form, turnOf(to), picture.width, picture.height, std::move(reply));
    if (applicationDraws_) return reply({});  // its own picture is to stand so: the event tells it
    if (thread_) return reply(Error{Code::NotAvailable, whyNoWindow_});
    if (!hasWindow_)
        return reply(Error{Code::NotAvailable, noWindow() + ", and nothing draws the pictures of " + words_.handler});
    reply(Error{Code::InvalidState, std::string("nothing shows ") + words_.view + ": turn " + words_.option +
                                        " on, or draw the pictures of " + words_.handler});
}

void ViewWindow::arrive(ViewForm at) {
    const auto before = std::exchange(form_, at);
    observer_.formChanged(before, at);
}

/// The view, or its window, is gone: it stands as usual, and a change on its way is answered with the reason.
void ViewWindow::leave(const Error& why) {
    change_.renew();
    if (form_ != ViewForm{}) arrive({});
    if (reply_) std::exchange(reply_, {})(why);
}

void ViewWindow::drop(const Error& why) {
    if (reply_) thread_->close();  // the change may open another
    leave(why);
}

void ViewWindow::windowGone(const Error& error) {
    whyNoWindow_ = error.message;
    base::log(LogLevel::Warning, std::string(words_.window) + ": " + error.message + "; everything else goes on without it");
    drop(error);
}

void ViewWindow::windowDismissed() {
    base::log(LogLevel::Info, std::string(words_.window) + ": closed by the user");
    drop({Code::Cancelled, std::string("the user has closed the ") + words_.window});
    observer_.viewDismissed();
}

}  // namespace livepusher::session
