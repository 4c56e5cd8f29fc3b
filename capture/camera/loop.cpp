// SPDX-License-Identifier: MIT
#include "capture/camera/loop.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/log.hpp"
#include "capture/camera/choosing.hpp"

namespace livepusher::capture {
namespace {

constexpr auto kSilence = std::chrono::seconds(2);      // without a frame a camera is lost
constexpr auto kOpeningWait = std::chrono::seconds(5);  // for the opening of any but the first
constexpr auto kSearchEach = std::chrono::milliseconds(300);
constexpr auto kSettle = std::chrono::milliseconds(300);
constexpr Timestamp kApart{8'000};  // two cameras' frames may fall together; a stream's times are whole milliseconds

std::string called(const std::string& title) { return "camera \"" + title + "\""; }

}  // namespace

CameraLoop::CameraLoop(std::shared_ptr<CameraMailbox> mailbox)
    : mailbox_(std::move(mailbox)),
      wanted_(mailbox_->wanted),
      choice_(mailbox_->choice()),
      tries_(wanted_.patience, wanted_.waits) {}

void CameraLoop::run() {
    beginStart();
    while (!mailbox_->quitting() && !ended_) {
        wait();
        if (mailbox_->quitting()) break;
        serveRequests();
        readCurrent();
        followAttempt();
        if (search_ && !attempt_ && Clock::now() >= nextSearch_) beginReturn();
        if (nextStart_ && !attempt_ && Clock::now() >= *nextStart_) beginStart();
    }
    if (attempt_) attempt_->opening.wait(kSettle);
}

void CameraLoop::begin(Opening aim, auto open) {
    attempt_.reset();
    attempt_.emplace(Attempt{.aim = aim,
                             .opening = CameraOpening(std::move(open), [mailbox = mailbox_] { mailbox->wake.signal(); }),
                             .until = aim == Opening::Start ? tries_.openingUntil(Clock::now()) : Clock::now() + kOpeningWait});
}

void CameraLoop::beginStart() {
    nextStart_.reset();
    tries_.begin(Clock::now());
    begin(Opening::Start, [choice = choice_, wanted = wanted_] { return openChosen(choice, wanted); });
}

/// As one that is lost: looked for, as long as there is patience.
void CameraLoop::startFailed(const Error& error) {
    nextStart_ = tries_.next(error, Clock::now());
    if (!nextStart_) {
        mailbox_->publishOpened(error);
        ended_ = true;
        return;
    }
    if (const auto news = tries_.news(error)) tell(error.code, *news);
    if (started_ || !tries_.forEver()) return;
    started_ = true;
    mailbox_->publishOpened(VideoSourceFormat{wanted_.width, wanted_.height, double(wanted_.fps), false, {}});
}

void CameraLoop::beginReturn() {
    nextSearch_ = Clock::now() + kSearchEach;
    auto paths = search_->candidates();
    if (paths.empty()) return;
    const auto others = std::make_shared<std::vector<std::string>>();
    begin(Opening::Return, [search = *search_, paths = std::move(paths), others, wanted = wanted_] {
        return openAgain(search, paths, others, wanted);
    });
    attempt_->others = others;
}

void CameraLoop::wait() {
    auto until = Clock::now() + std::chrono::hours(1);
    std::array<pollfd, 3> fds{{{mailbox_->wake.fd(), POLLIN, 0}, {-1, POLLIN, 0}, {-1, POLLIN, 0}}};
    if (current_) {
        fds[1].fd = current_->fd();
        until = std::min(until, lastFrame_ + kSilence);
    }
    if (attempt_) {
        if (attempt_->camera.stream) fds[2].fd = attempt_->camera.stream->fd();
        until = std::min(until, attempt_->until);
    } else if (search_) {
        until = std::min(until, nextSearch_);
    } else if (nextStart_) {
        until = std::min(until, *nextStart_);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    ::poll(fds.data(), fds.size(), static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
    mailbox_->wake.drain();
    troubled_ = (fds[1].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

void CameraLoop::readCurrent() {
    if (!current_) return;
    const auto before = current_->size();
    auto got = current_->next();
    if (got.error == EAGAIN && troubled_) got.error = EIO;  // poll() would come back at once, again and again
    if (got.error != 0 && got.error != EAGAIN) return lose(cameraError(current_->title(), got.error));
    if (got.frame) {
        lastFrame_ = Clock::now();
        if (current_->size() != before) tellFormat();
        deliver(std::move(*got.frame));
    } else if (Clock::now() >= lastFrame_ + kSilence) {
        lose(cameraFailed(current_->title(), "gives no picture for 2 s; check its cable, or plug it in anew", ETIMEDOUT));
    }
}

void CameraLoop::deliver(VideoFrame frame) {
    if (frame.pts <= lastPts_) frame.pts = lastPts_ + Timestamp(1);
    lastPts_ = frame.pts;
    mailbox_->gate.tell(&VideoSource::Sink::frame, std::move(frame));
}

void CameraLoop::tell(Code code, const std::string& text) { mailbox_->gate.tell(&VideoSource::Sink::code, code, text); }

void CameraLoop::tellFormat() { mailbox_->gate.tell(&VideoSource::Sink::formatChanged, current_->format()); }

void CameraLoop::lose(const Error& error) {
    giveUp(current_->identity(), current_->title(), error);
    current_.reset();
}

void CameraLoop::giveUp(CameraIdentity identity, const std::string& title, const Error& error) {
    lostTitle_ = title;
    search_.emplace(std::move(identity));
    nextSearch_ = Clock::now();
    base::log(LogLevel::Warning, error.message);
    tell(Code::CameraRemoved, called(title) + " is gone and looked for");
    tell(Code::CameraFailed, error.message);
}

/// Of one whose driver has said nothing yet.
std::string CameraLoop::attemptName() const {
    switch (attempt_->aim) {
        case Opening::Start: return choice_.name(wanted_.position);
        case Opening::SwitchInParallel:
        case Opening::SwitchExclusive: return wanted_.position == DevicePosition::front ? "back" : "front";
        case Opening::Return:
        case Opening::GoBack: break;
    }
    return lostTitle_;
}

void CameraLoop::followAttempt() {
    if (!attempt_) return;
    if (!attempt_->camera.stream) {
        if (auto result = attempt_->opening.take()) {
            if (!*result) return fail(result->error());
            attempt_->camera = std::move(**result);
            const auto now = Clock::now();
            attempt_->until = attempt_->aim == Opening::Start ? tries_.frameUntil(now) : now + kSilence;
        } else {
            if (Clock::now() >= attempt_->until) fail(cameraError(attemptName(), ETIMEDOUT));
            return;
        }
    }
    auto got = attempt_->camera.stream->next();
    const auto& title = attempt_->camera.stream->title();
    if (got.error != 0 && got.error != EAGAIN) return fail(cameraError(title, got.error));
    if (got.frame) return takeOver(std::move(*got.frame));
    if (Clock::now() >= attempt_->until)
        fail(cameraFailed(
            title, attempt_->aim == Opening::Start ? "gives no picture; check its cable, or plug it in anew" : "gives no picture",
            ETIMEDOUT));
}

void CameraLoop::takeOver(VideoFrame first) {
    const auto aim = attempt_->aim;
    const auto position = attempt_->camera.position;
    const auto before = std::exchange(current_, std::move(attempt_->camera.stream));  // closed at the end: that takes its time
    attempt_.reset();
    lastFrame_ = Clock::now();
    search_.reset();
    switch (aim) {
        case Opening::Start:
            if (std::exchange(started_, true)) {  // it was waited for
                tellFormat();
                tell(Code::CameraOpened, current_->format().description);
            } else {
                mailbox_->publishOpened(current_->format());
            }
            break;
        case Opening::Return: tell(Code::CameraReturned, called(current_->title()) + " is there again"); [[fallthrough]];
        case Opening::SwitchInParallel:
        case Opening::SwitchExclusive:
            tellFormat();
            tell(Code::CameraOpened, current_->format().description);
            break;
        case Opening::GoBack: break;
    }
    if (first.pts >= lastPts_ + kApart) deliver(std::move(first));
    if (aim == Opening::GoBack) mailbox_->answerSwitch(*std::exchange(switchError_, std::nullopt));
    if (aim != Opening::SwitchInParallel && aim != Opening::SwitchExclusive) return;
    if (position && !choice_.id.empty()) {
        // What was asked for by its ID has the other position from now on.
        (*position == DevicePosition::front ? choice_.ids.back : choice_.ids.front) = std::exchange(choice_.id, {});
    }
    mailbox_->publishChoice(choice_);
    if (position) wanted_.position = *position;
    mailbox_->answerSwitch(static_cast<double>(static_cast<int>(wanted_.position)));
}

void CameraLoop::fail(const Error& error) {
    const auto aim = attempt_->aim;
    if (attempt_->others)
        for (const auto& path : *attempt_->others) search_->exclude(path);
    attempt_.reset();  // closes what it had opened
    switch (aim) {
        case Opening::Start: startFailed(error); break;
        case Opening::Return: nextSearch_ = Clock::now() + kSearchEach; break;
        case Opening::SwitchInParallel:
            if (current_ && (error.native == EBUSY || error.native == ENOSPC)) {
                oldIdentity_ = current_->identity();
                lostTitle_ = current_->title();
                current_.reset();
                return begin(Opening::SwitchExclusive,
                             [old = *oldIdentity_, ids = choice_.ids, wanted = wanted_] { return openOther(old, ids, wanted); });
            }
            nextSearch_ = Clock::now();
            mailbox_->answerSwitch(error);
            break;
        case Opening::SwitchExclusive:
            switchError_ = error;
            begin(Opening::GoBack, [search = CameraSearch(*oldIdentity_), wanted = wanted_]() mutable {
                return openAgain(search, search.candidates(), std::make_shared<std::vector<std::string>>(), wanted);
            });
            break;
        case Opening::GoBack:
            giveUp(*std::exchange(oldIdentity_, std::nullopt), lostTitle_, error);
            mailbox_->answerSwitch(*std::exchange(switchError_, std::nullopt));
            break;
    }
}

void CameraLoop::serveRequests() {
    if (!started_) return;
    for (;;) {
        const auto work = mailbox_->takeWork();
        if (work.wishes) {
            wanted_.wishes.autoFocus = work.wishes->autoFocus;
            wanted_.wishes.focus = work.wishes->focus;
            if (current_) current_->follow(wanted_.wishes);
        }
        if (!work.request) return;
        serve(*work.request);
    }
}

void CameraLoop::serve(const CameraRequest& request) {
    if (request.what == CameraRequest::What::Switch) return beginSwitch();
    if (!current_) return mailbox_->answer(absent());
    switch (request.what) {
        case CameraRequest::What::MaxZoom: return mailbox_->answer(current_->maxZoom());
        case CameraRequest::What::Zoom: {
            const auto before = current_->format();
            auto zoom = current_->setZoom(request.zoom);
            if (zoom) wanted_.wishes.zoom = request.zoom;
            if (current_->format().width != before.width || current_->format().height != before.height) tellFormat();
            return mailbox_->answer(std::move(zoom));
        }
        case CameraRequest::What::Torch: {
            const bool on = !wanted_.wishes.torch;
            const auto set = current_->setTorch(on);
            if (!set) return mailbox_->answer(set.error());
            wanted_.wishes.torch = on;
            return mailbox_->answer(on ? 1.0 : 0.0);
        }
        case CameraRequest::What::Switch: return;
    }
}

Error CameraLoop::absent() const {
    const bool first = !search_;
    return cameraFailed(first ? choice_.name(wanted_.position) : lostTitle_,
                        std::string("is ") + (first ? "not there" : "gone") + " at the moment, and looked for");
}

void CameraLoop::beginSwitch() {
    if (mailbox_->isSwitching()) return mailbox_->answer(Error{Code::InvalidState, "switchCamera: another switch is under way"});
    if (!current_ && !search_) return mailbox_->answer(absent());  // the first one is waited for
    mailbox_->putAside();
    const auto current = current_ ? current_->identity() : search_->lost();
    begin(Opening::SwitchInParallel, [current, ids = choice_.ids, wanted = wanted_] { return openOther(current, ids, wanted); });
}

}  // namespace livepusher::capture
