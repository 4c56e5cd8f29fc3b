// SPDX-License-Identifier: MIT
#include "playback/play_view.hpp"

#include "base/log.hpp"

#include <string>
#include <utility>

namespace livepusher::playback {

using display::Form;
using session::ViewForm;

namespace {

constexpr session::ViewWords kWords{"the player's picture", "player window", "onVideoFrame", "PlayerOptions::window"};
constexpr base::PictureSize kUnknown{1280, 720};  // while no picture has told its size

session::ViewWindow::Settings windowSettings(PlayView::Settings settings, const PlayerHandlers& handlers) {
    return {std::move(settings.window), std::move(settings.makeWindow), kWords, handlers.onVideoFrame != nullptr};
}

Error invalid(const char* why) { return {Code::InvalidState, why}; }

}  // namespace

PlayView::PlayView(Settings settings, session::ControlLoop& control, Events& events, PlayViewObserver& observer)
    : events_(events),
      observer_(&observer),
      window_(windowSettings(std::move(settings), events.handlers()), control, *this),
      firstShown_(control.bind(alive_, [this] { firstShown(); })) {
    if (const auto& onFrame = events.handlers().onVideoFrame)
        handler_ = std::make_unique<session::PictureHandler<VideoFrame>>(
            "frames", [onFrame, view = view_](const VideoFrame& frame) { onFrame(view->turned(frame)); });
}

PlayView::~PlayView() {
    observer_ = nullptr;
    close(true);
}

void PlayView::open() {
    const std::lock_guard lock(mutex_);
    open_ = waitsForFirst_ = true;
}

void PlayView::close(bool clear) {
    VideoFrame gone;  // destroyed after the lock is released
    {
        const std::lock_guard lock(mutex_);
        open_ = waitsForFirst_ = false;
        if (clear) gone = std::exchange(last_, {});
    }
    if (clear) window_.close();
}

void PlayView::show(const VideoFrame& frame) {
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        if (!open_) return;
        last_ = frame;
        first = std::exchange(waitsForFirst_, false);
        draw(frame);
    }
    if (handler_) handler_->show(frame);
    if (first) firstShown_();
}

void PlayView::firstShown() {
    const auto first = lastShown();
    if (!first) return;  // it is over already
    window_.open(view_->sizeOf(first));
    drawAgain();  // there was no window yet
}

void PlayView::draw(const VideoFrame& frame) {
    window_.show([view = view_, frame](display::Window& window) { view->draw(frame, window); });
}

void PlayView::drawAgain() {
    const std::lock_guard lock(mutex_);
    if (last_) draw(last_);
}

void PlayView::follow(const PlayerProperties& properties) {
    const auto rules = viewRules(properties);
    const auto before = view_->rules();
    if (rules == before) return;
    view_->follow(rules);
    drawAgain();
    if (handler_ && rules.layout.turn != before.layout.turn)
        if (const auto last = lastShown()) handler_->show(last);
}

void PlayView::tell(PlayerState state, const PlayerNetStatus& status) {
    view_->tell(statisticsText(state, status));
    if (view_->rules().debug) drawAgain();  // there may come no picture for a while
}

VideoFrame PlayView::turned(const VideoFrame& frame) const { return view_->turned(frame); }

VideoFrame PlayView::lastShown() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

void PlayView::enterPictureInPicture(session::Reply reply) {
    change({Form::Floating, 0}, inPictureInPicture() ? "the player is in picture-in-picture already" : nullptr, std::move(reply));
}

void PlayView::exitPictureInPicture(session::Reply reply) {
    change({}, inPictureInPicture() ? nullptr : "the player is not in picture-in-picture", std::move(reply));
}

void PlayView::requestFullScreen(int direction, session::Reply reply) {
    if (direction != 0 && direction != 90 && direction != -90)
        return reply(Error{Code::InvalidArgument, "direction " + std::to_string(direction) + ": must be 0, 90 or -90"});
    const ViewForm wanted{Form::FullScreen, direction};
    change(wanted, window_.form() == wanted ? "the player is in full screen already" : nullptr, std::move(reply));
}

void PlayView::exitFullScreen(session::Reply reply) {
    change({}, inFullScreen() ? nullptr : "the player is not in full screen", std::move(reply));
}

/// `whyNot`: nullptr, or why it can't be changed so where no change is on its way.
void PlayView::change(ViewForm to, const char* whyNot, session::Reply reply) {
    if (window_.changing()) return reply(invalid("the last change of picture-in-picture or full screen is still under way"));
    if (whyNot) return reply(invalid(whyNot));
    VideoFrame last;
    {
        const std::lock_guard lock(mutex_);
        if (!open_ && !last_) return reply(invalid("nothing is played; start() first"));
        last = last_;
    }
    window_.change(to, last ? view_->sizeOf(last) : kUnknown, std::move(reply));
}

void PlayView::formChanged(const ViewForm& before, const ViewForm& now) {
    const auto is = [](const ViewForm& stands, Form form) { return stands.form == form; };
    if (is(before, Form::Floating) && !is(now, Form::Floating)) events_.tell(&PlayerHandlers::onLeavePictureInPicture);
    if (is(before, Form::FullScreen) && !is(now, Form::FullScreen))
        events_.tell(&PlayerHandlers::onFullScreenChange, FullScreenChangeEvent{false, before.direction});
    if (is(now, Form::Floating)) events_.tell(&PlayerHandlers::onEnterPictureInPicture);
    if (is(now, Form::FullScreen)) events_.tell(&PlayerHandlers::onFullScreenChange, FullScreenChangeEvent{true, now.direction});
    drawAgain();  // the window may be a new one
    if (observer_) observer_->formChanged();
}

void PlayView::viewKeyPressed(display::Key key) {
    if (window_.changing() || (key == display::Key::Escape && !inFullScreen())) return;
    change({inFullScreen() ? Form::Normal : Form::FullScreen, 0}, nullptr, [](const Result<void>& done) {
        if (!done && done.error().code == Code::NotAvailable)
            base::log(LogLevel::Warning, "player window: " + done.error().message);
    });
}

}  // namespace livepusher::playback
