// SPDX-License-Identifier: MIT
#include "pipeline/preview.hpp"

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "media/picture_size.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::pipeline {

namespace {

constexpr const char* kNoWindow = "this build has no preview window (CMake: LIVEPUSHER_WITH_SDL)";

}  // namespace

/// Calls the application's handler, which may take its time.
class Preview::Handler {
public:
    using Called = decltype(Handlers::onPreviewFrame);

    Handler(Called handler, std::shared_ptr<const View> view)
        : handler_(std::move(handler)), view_(std::move(view)), thread_([this] {
              base::nameThread("preview");
              while (auto shown = latest_.pop()) handler_(view_->of(*shown));
          }) {}
    ~Handler() {
        latest_.close();
        thread_.join();
    }
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;

    void show(const Shown& shown) { latest_.push(shown); }

private:
    const Called handler_;
    const std::shared_ptr<const View> view_;
    base::Queue<Shown> latest_{1};
    std::thread thread_;
};

Preview::Preview(Settings settings, session::ControlLoop& control, Events& events, PreviewObserver& observer)
    : window_(settings.window),
      hasWindow_(settings.makeWindow != nullptr),
      events_(events),
      observer_(observer),
      view_(std::make_shared<View>()) {
    if (const auto& onFrame = events.handlers().onPreviewFrame) handler_ = std::make_unique<Handler>(onFrame, view_);
    if (!window_.enabled || !hasWindow_) return;
    screen_ = std::make_unique<PreviewWindowThread>(std::move(settings.makeWindow), window_, view_, control, *this);
}

Preview::~Preview() { leave({Code::Cancelled, "the preview was closed"}); }

Result<void> Preview::check() const {
    if (!window_.enabled) return {};
    if (!hasWindow_)
        return Error{Code::NotAvailable,
                     std::string(kNoWindow) + "; turn window.enabled off, and draw the pictures of onPreviewFrame"};
    constexpr int kMost = 8192;
    for (const int length : {window_.width, window_.height})
        if (length < 0 || length > kMost)
            return Error{Code::InvalidArgument, "preview window of " + base::sizeText(window_.width, window_.height) +
                                                    ": must be 1..8192 each, or 0 for its own size"};
    return {};
}

void Preview::follow(const LaneSettings& settings, capture::SourceKind source) {
    view_->follow(viewRules(settings.properties, source));
    width_ = settings.adapted.width;
    height_ = settings.adapted.height;
    const bool wanted = settings.preview && source != capture::SourceKind::None;
    if (std::exchange(open_, wanted) == wanted) return;
    if (open_) return reopen();
    leave({Code::Cancelled, "the preview was closed"});
    if (screen_) screen_->close();
}

void Preview::reopen() {
    whyNoWindow_.clear();
    if (screen_ && open_) screen_->open(width_, height_);
}

void Preview::tell(State state, const NetStatus& status) { view_->tell(statisticsText(state, status)); }

void Preview::windowGone(const Error& error) {
    whyNoWindow_ = error.message;
    base::log(LogLevel::Warning, "preview window: " + error.message + "; everything else goes on without it");
    dropWindow(error);
}

void Preview::windowDismissed() {
    base::log(LogLevel::Info, "preview window: closed by the user");
    dropWindow({Code::Cancelled, "the user has closed the preview window"});
}

void Preview::dropWindow(const Error& why) {
    if (reply_) screen_->close();  // the change may open another
    leave(why);
}

void Preview::enterPictureInPicture(session::Reply reply) {
    if (!open_) return reply(Error{Code::InvalidState, "there is no preview; start() or startPreview() first"});
    change(true, std::move(reply));
}

void Preview::hostNavigated(PictureInPictureEvent event, const std::vector<PictureInPictureEvent>& mode, session::Reply reply) {
    if (std::ranges::find(mode, event) == mode.end() || floats_) return reply({});
    enterPictureInPicture(std::move(reply));
}

/// One change at a time, an event when it has really happened, each reply once.
void Preview::change(bool floating, session::Reply reply) {
    if (reply_) return reply(Error{Code::InvalidState, "the last change of picture-in-picture is still under way"});
    if (floats_ == floating)
        return reply(Error{Code::InvalidState, floating ? "the preview is in picture-in-picture already"
                                                        : "the preview is not in picture-in-picture"});
    reply_ = std::move(reply);
    setFloating(floating, change_.guard([this, floating](const Result<void>& done) {
        if (done) arrive(floating);
        std::exchange(reply_, {})(done);
    }));
}

void Preview::arrive(bool floating) {
    floats_ = floating;
    events_.tell(floating ? &Handlers::onEnterPictureInPicture : &Handlers::onLeavePictureInPicture);
}

/// The preview, or its window, is gone: no picture-in-picture any more, and a change on its way is answered with the reason.
void Preview::leave(const Error& why) {
    change_.renew();
    if (floats_) arrive(false);
    if (reply_) std::exchange(reply_, {})(why);
}

/// Replies once, now or later.
void Preview::setFloating(bool floating, session::Reply reply) {
    if (screen_ && whyNoWindow_.empty())
        return screen_->setForm(floating ? display::Form::Floating : display::Form::Normal, width_, height_, std::move(reply));
    if (handler_) return reply({});  // the application's own picture floats: the event tells it to
    if (screen_) return reply(Error{Code::NotAvailable, whyNoWindow_});
    if (!hasWindow_)
        return reply(Error{Code::NotAvailable, std::string(kNoWindow) + ", and nothing draws the pictures of onPreviewFrame"});
    reply(Error{Code::InvalidState,
                "nothing shows the preview: turn ContextOptions::window on, or draw the pictures of onPreviewFrame"});
}

void Preview::show(const Shown& shown) {
    if (handler_) handler_->show(shown);
    if (screen_) screen_->show(shown);
}

}  // namespace livepusher::pipeline
