// SPDX-License-Identifier: MIT
#include "pipeline/preview.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::pipeline {

namespace {

constexpr session::ViewWords kWords{"the preview", "preview window", "onPreviewFrame", "ContextOptions::window"};

session::ViewWindow::Settings windowSettings(Preview::Settings settings, const Handlers& handlers) {
    return {std::move(settings.window), std::move(settings.makeWindow), kWords, handlers.onPreviewFrame != nullptr};
}

}  // namespace

Preview::Preview(Settings settings, session::ControlLoop& control, Events& events, PreviewObserver& observer)
    : events_(events), observer_(observer), window_(windowSettings(std::move(settings), events.handlers()), control, *this) {
    if (const auto& onFrame = events.handlers().onPreviewFrame)
        handler_ = std::make_unique<session::PictureHandler<Shown>>(
            "preview", [onFrame, view = view_](const Shown& shown) { onFrame(view->of(shown)); });
}

Preview::~Preview() { window_.close(); }

void Preview::follow(const LaneSettings& settings, capture::SourceKind source) {
    view_->follow(viewRules(settings.properties, source));
    size_ = {settings.adapted.width, settings.adapted.height};
    const bool wanted = settings.preview && source != capture::SourceKind::None;
    if (std::exchange(open_, wanted) == wanted) return;
    if (open_) return reopen();
    window_.close();
}

void Preview::reopen() {
    if (open_) window_.open(size_);
}

void Preview::tell(State state, const NetStatus& status) { view_->tell(statisticsText(state, status)); }

void Preview::enterPictureInPicture(session::Reply reply) {
    if (!open_) return reply(Error{Code::InvalidState, "there is no preview; start() or startPreview() first"});
    change(true, std::move(reply));
}

void Preview::hostNavigated(PictureInPictureEvent event, const std::vector<PictureInPictureEvent>& mode, session::Reply reply) {
    if (std::ranges::find(mode, event) == mode.end() || floats()) return reply({});
    enterPictureInPicture(std::move(reply));
}

void Preview::change(bool floating, session::Reply reply) {
    if (window_.changing()) return reply(Error{Code::InvalidState, "the last change of picture-in-picture is still under way"});
    if (floats() == floating)
        return reply(Error{Code::InvalidState, floating ? "the preview is in picture-in-picture already"
                                                        : "the preview is not in picture-in-picture"});
    window_.change({floating ? display::Form::Floating : display::Form::Normal}, size_, std::move(reply));
}

void Preview::formChanged(const session::ViewForm& /*before*/, const session::ViewForm& now) {
    const bool floating = now.form == display::Form::Floating;
    events_.tell(floating ? &Handlers::onEnterPictureInPicture : &Handlers::onLeavePictureInPicture);
}

void Preview::show(const Shown& shown) {
    if (handler_) handler_->show(shown);
    window_.show([view = view_, shown](display::Window& window) { window.show(view->of(shown), {}); });
}

}  // namespace livepusher::pipeline
