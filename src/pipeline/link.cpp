// SPDX-License-Identifier: MIT
#include "pipeline/link.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "base/number_text.hpp"
#include "session/forwarding.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

/// How soon a preferred url is tried again: so that a server which comes and goes doesn't take the stream with it each time.
constexpr auto kLookForFirst = 5s;
constexpr auto kLookForFirstAgain = 10s;
/// A server that has carried the stream for so long takes its codecs.
constexpr auto kCarried = 10s;

std::string seconds(std::chrono::milliseconds d) { return base::decimalText(static_cast<double>(d.count()) / 1000, 1) + " s"; }

const char* whyGivenUp(const Error& error, const session::ReconnectPolicy& policy) {
    if (policy.isFinal(error)) return "not tried again: ";
    return policy.tries() ? "all attempts used up: " : "not tried again, reconnect is off: ";
}

}  // namespace

/// Brings what an uplink reports to control.
class Link::Reports final : public UplinkObserver {
public:
    Reports(Link& link, std::uint64_t id) : link_(link), id_(id), counting_(link.alive_.now()) {}

    void transportConnected() override { report(&Link::reached); }
    void connected() override { report(&Link::connected); }
    void keyFrameWanted() override { link_.pictures_.forceKey(); }
    void lost(Error why) override { report(&Link::failed, std::move(why)); }
    void reconnectRequested(rtmp::ReconnectRequest request) override { report(&Link::asked, std::move(request)); }
    void redirected(std::string to, Error why) override { report(&Link::redirected, std::move(to), std::move(why)); }
    void leftOut(std::string words) override { report(&Link::leftOut, std::move(words)); }
    void replaced() override { report(&Link::replaced); }

private:
    template <typename Method, typename... Arguments>
    void report(Method method, Arguments&&... arguments) {
        link_.control_.report(counting_, method, &link_, id_, std::forward<Arguments>(arguments)...);
    }

    Link& link_;
    const std::uint64_t id_;
    const session::Lifetime::Stretch counting_;
};

Link::Link(MakePublisher makePublisher, Settings settings, base::ReconnectSpec reconnect, SendQueue& queue,
           session::ControlLoop& control, TargetEvents events, KeyFrameSource& pictures, PublishingObserver& observer)
    : makePublisher_(std::move(makePublisher)),
      urls_(std::move(settings.urls)),
      preferFirst_(settings.preferFirst),
      settings_(std::move(settings.publisher)),
      policy_(std::move(reconnect)),
      queue_(queue),
      control_(control),
      events_(std::move(events)),
      pictures_(pictures),
      observer_(observer),
      line_(connect(urls_.front())) {}

Link::~Link() = default;

Link::Connection Link::connect(base::Url url) {
    const auto id = ++lastId_;
    auto reports = std::make_unique<Reports>(*this, id);
    auto uplink = std::make_unique<Uplink>(makePublisher_(url.scheme()), url, settings_, queue_, *reports);
    return {.id = id, .url = std::move(url), .reports = std::move(reports), .uplink = std::move(uplink)};
}

// --- it goes well ----------------------------------------------------------------------------

void Link::reached(std::uint64_t id) {
    if (id != line_.id && id != next_.id) return;
    const auto& connection = id == line_.id ? line_ : next_;
    const auto& by = connection.sentBy;
    events_.code(Code::Connected, "connected to " + connection.url.redacted() + (by.empty() ? "" : ", by a redirect from " + by));
}

void Link::connected(std::uint64_t id) {
    if (id == next_.id) {
        end(leaving_);
        leaving_ = std::exchange(line_, std::exchange(next_, {}));
        if (std::exchange(returning_, false)) at_ = 0;
    }
    if (id == line_.id) published();
}

void Link::replaced(std::uint64_t id) {
    if (id == leaving_.id) end(leaving_);
}

void Link::leftOut(std::uint64_t id, const std::string& words) {
    if (id == line_.id) events_.code(Code::UplinkSlow, "uplink too slow: " + words);
}

void Link::published() {
    publishedAt_ = session::ControlLoop::Clock::now();
    lastServer_ = line_.url;
    failures_ = 0;
    passing_.reset();
    policy_.published();
    if (std::exchange(everPublished_, true)) ++reconnects_;
    observer_.published();  // first: who hears Code::PushBegan finds the state that goes with it
    events_.code(Code::PushBegan, "pushing to " + line_.url.redacted());
    away_.renew();
    if (const auto request = std::exchange(request_, {})) return follow(*request);
    if (preferFirst_ && at_ != 0) lookForFirst(kLookForFirst);
}

session::ReconnectPolicy::Duration Link::publishedFor() const {
    if (!publishedAt_) return {};
    return std::chrono::duration_cast<session::ReconnectPolicy::Duration>(session::ControlLoop::Clock::now() - *publishedAt_);
}

// --- it is lost ------------------------------------------------------------------------------

void Link::failed(std::uint64_t id, const Error& error) {
    if (id == next_.id && std::exchange(returning_, false)) {
        end(next_);
        base::log(LogLevel::Debug, "not back yet: " + error.message);
        lookForFirst(kLookForFirstAgain);
    } else if (id == next_.id) {
        end(next_);
        request_.reset();
        stay("could not reconnect where the server asks for it: " + error.message);
    } else if (id == leaving_.id) {
        end(leaving_);
    } else if (id == line_.id) {
        lost(error);
    }
}

void Link::lost(const Error& error) {
    // Where receivers come to us, one that leaves soon says nothing of the line.
    carried_ = carried_ || publishedFor() > kCarried;
    if (publishedAt_)
        policy_.afterPublishing(line_.url.waitsForReceivers() ? session::ReconnectPolicy::kHealthy : publishedFor());
    publishedAt_.reset();
    away_.renew();
    if (!next_) request_.reset();
    end(line_);

    const bool isFile = line_.url.isFile();
    if (isFile)
        events_.error(error);
    else
        events_.code(error.code, error.message + (line_.sentBy.empty() ? "" : "; redirected there by " + line_.sentBy));
    if (fallBack(error) || failOver(error)) return;
    if (isFile && urls_.size() == 1) return observer_.gaveUp(error);
    const auto judged = forPolicy(error);
    const auto attempt = policy_.afterFailure(judged, std::uniform_real_distribution<>(0, 1)(random_));
    if (!attempt) {
        end(next_);
        events_.code(Code::ConnectionGivenUp, whyGivenUp(judged, policy_) + error.message);
        return observer_.gaveUp(error);
    }
    tryAgain(*attempt);
}

/// Whether the stream goes on with codecs that every server takes, since the server doesn't take those it has.
bool Link::fallBack(const Error& error) {
    const bool pictures = (error.native & rtmp::kPicturesNotTaken) != 0, sound = (error.native & rtmp::kSoundNotTaken) != 0;
    if (error.code != Code::ServerClosed || carried_ || next_ || (!pictures && !sound)) return false;
    if (!observer_.fallBack(pictures, sound)) return false;
    if (pictures) settings_.videoCodec = VideoCodec::h264;
    if (sound) settings_.audioCodec = AudioCodec::aac;
    events_.code(Code::Reconnecting, std::string("reconnecting at once, with ") + (pictures ? "H.264" : "") +
                                         (pictures && sound ? " and " : "") + (sound ? "AAC" : "") +
                                         " in place of what the server does not take");
    observer_.interrupted();
    control_.post(alive_.guard([this, url = line_.url] { reconnect(url); }));
    return true;
}

/// Whether a url is left that has not failed since the stream was taken for the last time: it is tried at once.
bool Link::failOver(const Error& error) {
    if (!error.permanent) passing_ = error;
    if (urls_.size() == 1 || next_ || ++failures_ >= urls_.size()) return false;
    at_ = (at_ + 1) % urls_.size();
    events_.code(Code::Reconnecting, "the next url is tried: " + urls_[at_].redacted());
    observer_.interrupted();
    control_.post(alive_.guard([this] { reconnect(urls_[at_]); }));
    return true;
}

/// With several urls the stream is refused for good where all of them do so.
Error Link::forPolicy(const Error& error) { return urls_.size() > 1 && error.permanent && passing_ ? *passing_ : error; }

void Link::reconnect(base::Url url) {
    auto made = base::attempt([&] { return connect(std::move(url)); });
    if (made) {
        line_ = std::move(*made);
    } else {
        lost(made.error());
    }
}

/// Tries the first url beside the one that carries the stream, which goes on there until the first has taken it.
void Link::lookForFirst(std::chrono::milliseconds after) {
    control_.postAfter(after, away_.guard([this] {
        if (next_) return lookForFirst(kLookForFirstAgain);
        auto made = base::attempt([&] { return connect(urls_.front()); });
        if (!made) return lookForFirst(kLookForFirstAgain);
        next_ = std::move(*made);
        returning_ = true;
    }));
}

// Not a loss: the server is well, and says where the stream is wanted.
void Link::redirected(std::uint64_t id, const std::string& to, const Error& error) {
    if (id != line_.id && id != next_.id) return;
    Connection& here = id == line_.id ? line_ : next_;
    auto url = session::forwarded(here.url, to, here.hops);
    if (!url) return failed(id, {error.code, error.message + "; " + url.error().message, error.native, url.error().permanent});
    const auto by = here.url.redacted();
    base::log(LogLevel::Info, by + " redirects to " + url->redacted());
    auto made = base::attempt([&] { return connect(std::move(*url)); });
    if (!made) return failed(id, made.error());
    made->hops = here.hops + 1;
    made->sentBy = by;
    end(here);
    here = std::move(*made);
}

void Link::tryAgain(const session::ReconnectPolicy::Attempt& attempt) {
    auto text = "reconnecting: attempt " + std::to_string(attempt.number) + " of " + std::to_string(attempt.of);
    if (attempt.nameInUse) text += " to get the stream's name back";
    if (next_) {  // has a head start
        events_.code(Code::Reconnecting, text + ", under way already, to where the server asked for it");
        observer_.interrupted();
        line_ = std::exchange(next_, {});
        if (std::exchange(returning_, false)) at_ = 0;
        return;
    }
    events_.code(Code::Reconnecting, text + " in " + seconds(attempt.delay));
    observer_.interrupted();
    // After a redirection: the server of the last connection, then the one that was asked for, in turns.
    auto url = attempt.nameInUse ? line_.url : everPublished_ && attempt.number % 2 == 1 ? lastServer_ : urls_.front();
    if (urls_.size() > 1) url = urls_[at_ = (at_ + 1) % urls_.size()];
    control_.postAfter(attempt.delay, alive_.guard([this, url = std::move(url)]() mutable { reconnect(std::move(url)); }));
}

// --- the server asks us to go elsewhere ------------------------------------------------------------

void Link::asked(std::uint64_t id, rtmp::ReconnectRequest request) {
    if (id == next_.id || (id == line_.id && !publishedAt_)) {
        request_ = std::move(request);
    } else if (id == line_.id && !next_) {
        follow(request);
    }
}

void Link::follow(const rtmp::ReconnectRequest& request) {
    auto to = redirects_.follow(line_.url, request.tcUrl, publishedFor());
    if (!to) return stay(to.error().message);
    base::log(LogLevel::Info, "the server asks to reconnect to " + to->redacted() +
                                  (request.words.empty() ? "" : ": " + request.words) + "; the stream goes on meanwhile");
    auto made = base::attempt([&] { return connect(std::move(*to)); });
    if (!made) return stay("could not reconnect where the server asks for it: " + made.error().message);
    next_ = std::move(*made);
}

void Link::stay(const std::string& why) { base::log(LogLevel::Warning, why + "; the stream stays with " + line_.url.redacted()); }

// --- the end ---------------------------------------------------------------------------------------

void Link::end(Connection& connection) {
    if (!connection) return;
    bytesBefore_ += connection.uplink->statistics().bytesSent;
    connection.uplink.reset();
    connection.id = 0;
}

void Link::drain(std::chrono::milliseconds atMost) {
    const auto until = session::ControlLoop::Clock::now() + atMost;
    const auto left = [&] {
        using std::chrono::milliseconds;
        return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(until - session::ControlLoop::Clock::now()));
    };
    if (next_ && next_.uplink->carries()) {  // its report is on its way
        end(leaving_);
        leaving_ = std::exchange(line_, std::exchange(next_, {}));
    }
    end(next_);
    if (line_) line_.uplink->drain(publishedAt_ ? left() : std::chrono::milliseconds(0));
    if (leaving_) leaving_.uplink->drain(left());
    if (line_ && line_.url.isFile())
        if (const auto error = line_.uplink->end()) events_.error(*error);  // the last of it could not be written
    end(line_);
    end(leaving_);
    publishedAt_.reset();
    alive_.renew();  // no attempt that waits for its time is made now
    away_.renew();
}

rtmp::LinkStatistics Link::statistics() const {
    auto now = line_ ? line_.uplink->statistics() : rtmp::LinkStatistics{};
    now.bytesSent += bytesBefore_;
    if (leaving_) now.bytesSent += leaving_.uplink->statistics().bytesSent;
    return now;
}

}  // namespace livepusher::pipeline
