// SPDX-License-Identifier: MIT
#include "playback/play_link.hpp"

#include <utility>

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "base/number_text.hpp"
#include "session/forwarding.hpp"

namespace livepusher::playback {
namespace {

std::string seconds(std::chrono::milliseconds d) { return base::decimalText(static_cast<double>(d.count()) / 1000, 1) + " s"; }

}  // namespace

/// Brings what a downlink reports to control, and what it receives to the buffer.
class PlayLink::Reports final : public DownlinkObserver {
public:
    Reports(PlayLink& link, std::uint64_t id) : link_(link), id_(id), counting_(link.alive_.now()) {}

    void transportConnected(std::string where) override { report(&PlayLink::reached, std::move(where)); }
    void playing() override { report(&PlayLink::playing); }
    void streamBegan() override { link_.buffer_.began(id_); }
    void publisherLeft() override { report(&PlayLink::left); }
    void trackLeftOut(std::string name) override { report(&PlayLink::leftOut, std::move(name)); }
    void received(Packet packet) override {
        const auto copy = packet;  // shares the bytes
        const auto taken = link_.buffer_.take(id_, std::move(packet), now());
        if (taken.tookOver) report(&PlayLink::tookOver);
        if (taken.firstKey) report(&PlayLink::firstKey);
        if (taken.counts) link_.observer_.mediaCame(copy);
    }
    void reconnectRequested(rtmp::ReconnectRequest request) override { report(&PlayLink::asked, std::move(request)); }
    void unresolved(Error why) override { report(&PlayLink::unresolved, std::move(why)); }
    void lost(Error why) override { report(&PlayLink::failed, std::move(why)); }
    void redirected(std::string to, Error why) override { report(&PlayLink::redirected, std::move(to), std::move(why)); }
    void ended() override { report(&PlayLink::ended); }

private:
    template <typename Method, typename... Arguments>
    void report(Method method, Arguments&&... arguments) {
        link_.control_.report(counting_, method, &link_, id_, std::forward<Arguments>(arguments)...);
    }

    PlayLink& link_;
    const std::uint64_t id_;
    const session::Lifetime::Stretch counting_;
};

PlayLink::PlayLink(Downlink::MakeSubscriber make, Settings settings, JitterBuffer& buffer, session::ControlLoop& control,
                   PlayLinkObserver& observer)
    : make_(std::move(make)),
      settings_(std::move(settings)),
      policy_(settings_.reconnect),
      buffer_(buffer),
      control_(control),
      observer_(observer) {
    begin(settings_.url, true);
}

PlayLink::~PlayLink() { end(); }

void PlayLink::end() {
    alive_.renew();
    close(next_);
    close(line_);
}

PlayLink::Connection PlayLink::connect(base::Url url, bool resolve) {
    const auto id = ++lastId_;
    auto reports = std::make_unique<Reports>(*this, id);
    auto downlink =
        std::make_unique<Downlink>(make_, url, resolve ? settings_.resolve : Downlink::Resolve{}, settings_.subscriber, *reports);
    return {.id = id, .url = std::move(url), .reports = std::move(reports), .downlink = std::move(downlink)};
}

/// What comes next over that connection is what is played.
void PlayLink::begin(base::Url url, bool resolve) {
    buffer_.attach(lastId_ + 1);
    keyTold_ = false;
    auto made = base::attempt([&] { return connect(std::move(url), resolve); });
    if (made) {
        line_ = std::move(*made);
    } else {
        lost(made.error());
    }
}

void PlayLink::close(Connection& connection) {
    if (!connection) return;
    bytesBefore_ += connection.downlink->statistics().bytesReceived;
    connection.downlink.reset();
    connection.id = 0;
}

rtmp::LinkStatistics PlayLink::statistics() const {
    auto now = line_ ? line_.downlink->statistics() : rtmp::LinkStatistics{};
    now.bytesReceived += bytesBefore_;
    return now;
}

session::ReconnectPolicy::Duration PlayLink::playedFor() const {
    if (!playsSince_) return {};
    return std::chrono::duration_cast<session::ReconnectPolicy::Duration>(session::ControlLoop::Clock::now() - *playsSince_);
}

// --- it goes well ----------------------------------------------------------------------------

void PlayLink::reached(std::uint64_t id, const std::string& where) {
    if (id == line_.id || id == next_.id) observer_.linkCode(Code::PlayConnected, "connected to " + where);
}

void PlayLink::playing(std::uint64_t id) {
    if (id == next_.id) return buffer_.offer(id);
    if (id != line_.id) return;
    playsSince_ = session::ControlLoop::Clock::now();
    policy_.published();
    if (std::exchange(everPlayed_, true)) ++reconnects_;
    observer_.linkCode(Code::PlayAccepted, "playing from " + line_.url.redacted());
    observer_.linkPlays();
}

void PlayLink::tookOver(std::uint64_t id) {
    if (id != next_.id) return;
    close(line_);
    line_ = std::exchange(next_, {});
    playing(id);
}

void PlayLink::firstKey(std::uint64_t id) {
    if (id == line_.id || id == next_.id) observer_.linkCode(Code::KeyFrameReceived, "the first key frame has come");
}

void PlayLink::leftOut(std::uint64_t id, const std::string& name) {
    if (id == line_.id) base::log(LogLevel::Warning, name + " is not played");
}

void PlayLink::left(std::uint64_t id) {
    if (id == line_.id) observer_.publisherLeft();
}

void PlayLink::ended(std::uint64_t id) {
    if (id == next_.id) return close(next_);
    if (id != line_.id) return;
    observer_.streamEnded();
}

// --- it is lost ------------------------------------------------------------------------------

void PlayLink::failed(std::uint64_t id, const Error& error) {
    if (id == next_.id) {
        close(next_);
        base::log(LogLevel::Warning, "could not reconnect where the server asks for it: " + error.message +
                                         "; the stream goes on from " + line_.url.redacted());
    } else if (id == line_.id) {
        lost(error);
    }
}

void PlayLink::unresolved(std::uint64_t id, const Error& error) {
    if (id == next_.id) return failed(id, error);
    if (id != line_.id) return;
    close(line_);
    giveUp(Code::PlayUrlUnresolved, error, "");
}

void PlayLink::giveUp(Code code, const Error& error, const std::string& why) {
    close(next_);
    observer_.linkGaveUp({code, why + error.message, error.native, true});
}

void PlayLink::lost(const Error& error) {
    if (playsSince_) policy_.afterPublishing(playedFor());
    playsSince_.reset();
    close(line_);
    if (settings_.url.isFile()) return observer_.linkGaveUp(error);
    observer_.linkCode(error.code, error.message);
    const bool final = policy_.isFinal(error), tries = policy_.tries();
    const auto attempt = policy_.afterFailure(error, std::uniform_real_distribution<>(0, 1)(random_));
    if (!attempt)
        return giveUp(Code::PlayGivenUp, error,
                      final    ? "not tried again: "
                      : !tries ? "not tried again, reconnect is off: "
                               : "all attempts used up: ");
    observer_.linkCode(Code::PlayReconnecting,
                       "reconnecting: attempt " + std::to_string(attempt->number) + " of " + std::to_string(attempt->of) +
                           (next_ ? ", under way already, to where the server asked for it" : " in " + seconds(attempt->delay)));
    observer_.linkLost();
    if (next_) {
        line_ = std::exchange(next_, {});
        buffer_.attach(line_.id);
        return;
    }
    control_.postAfter(attempt->delay, alive_.guard([this] { begin(settings_.url, true); }));
}

// --- the server sends us elsewhere -----------------------------------------------------------------

void PlayLink::redirected(std::uint64_t id, const std::string& to, const Error& error) {
    if (id != line_.id && id != next_.id) return;
    auto& here = id == line_.id ? line_ : next_;
    auto url = session::forwarded(here.url, to, here.hops);
    if (!url) return unresolved(id, {Code::PlayUrlUnresolved, error.message + "; " + url.error().message});
    base::log(LogLevel::Info, here.url.redacted() + " redirects to " + url->redacted());
    const int hops = here.hops + 1;
    const bool isLine = id == line_.id;
    if (isLine) buffer_.attach(lastId_ + 1);
    auto made = base::attempt([&] { return connect(std::move(*url), false); });
    if (!made) return failed(id, made.error());
    made->hops = hops;
    close(here);
    here = std::move(*made);
}

void PlayLink::asked(std::uint64_t id, const rtmp::ReconnectRequest& request) {
    if (id != line_.id || next_) return;
    auto to = redirects_.follow(line_.url, request.tcUrl, playedFor());
    if (!to) return base::log(LogLevel::Warning, to.error().message + "; the stream goes on from " + line_.url.redacted());
    base::log(LogLevel::Info, "the server asks to reconnect to " + to->redacted() +
                                  (request.words.empty() ? "" : ": " + request.words) + "; the stream goes on meanwhile");
    auto made = base::attempt([&] { return connect(std::move(*to), false); });
    if (made) next_ = std::move(*made);
}

}  // namespace livepusher::playback
