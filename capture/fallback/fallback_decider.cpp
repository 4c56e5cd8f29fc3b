// SPDX-License-Identifier: MIT
#include "capture/fallback/fallback_decider.hpp"

#include <algorithm>
#include <array>

namespace livepusher::capture {
namespace {

// So long a source is good before it goes out again; one that was there all the time has to prove it longer.
constexpr Timestamp kSteady{600'000}, kSteadyAgain{300'000};
constexpr Timestamp kBreath{250'000};  // a pause of that length breaks it off
/// Two pictures that differ from those before within that time are motion. One alone is a codec's key frame.
constexpr Timestamp kMotion{400'000};
/// In the order of what is told where more than one holds. An end is judged apart.
constexpr std::array kLasting{FallbackOn::lost, FallbackOn::black, FallbackOn::frozen, FallbackOn::silent};

bool wasThere(FallbackOn fault) { return fault != FallbackOn::lost && fault != FallbackOn::ended; }

}  // namespace

bool FallbackRules::has(FallbackOn what) const { return std::ranges::find(on, what) != on.end(); }

void FallbackDecider::begin(Timestamp at, bool picture, bool sound) {
    running_ = true;
    pictured_ = picture;
    sounded_ = sound;
    came_ = moved_ = bright_ = loud_ = at;
    goodSince_.reset();
}

void FallbackDecider::stop() {
    running_ = ended_ = false;
    fault_.reset();
    goodSince_.reset();
}

void FallbackDecider::setInterval(Timestamp interval) { interval_ = interval; }

/// What comes after a loss is judged as if it had just begun.
void FallbackDecider::came(FallbackOn what, Timestamp& last, Timestamp at) {
    ended_ = false;
    const bool paused = at - last > breath(what);
    if (paused && (what == FallbackOn::lost || fault_ == what)) goodSince_.reset();
    if (paused && what == FallbackOn::lost) moved_ = bright_ = loud_ = at;
    last = at;
}

void FallbackDecider::picture(Timestamp at, PictureLook look) {
    came(FallbackOn::lost, came_, at);
    if (!look.black) came(FallbackOn::black, bright_, at);
    if (look.same) return;
    if (at - differed_ <= kMotion) came(FallbackOn::frozen, moved_, at);
    differed_ = at;
}

void FallbackDecider::sound(Timestamp at, bool loud) {
    if (!pictured_) came(FallbackOn::lost, came_, at);
    if (loud) came(FallbackOn::silent, loud_, at);
}

bool FallbackDecider::isJudged(FallbackOn what) const {
    if (!running_ || !rules_.has(what)) return false;
    switch (what) {
        case FallbackOn::black:
        case FallbackOn::frozen: return pictured_;
        case FallbackOn::silent: return sounded_;
        case FallbackOn::lost:
        case FallbackOn::ended: break;
    }
    return true;
}

Timestamp FallbackDecider::goodAt(FallbackOn what) const {
    switch (what) {
        case FallbackOn::black: return bright_;
        case FallbackOn::frozen: return moved_;
        case FallbackOn::silent: return loud_;
        case FallbackOn::lost:
        case FallbackOn::ended: break;
    }
    return came_;
}

/// A source of one picture a second is not lost between two of them.
Timestamp FallbackDecider::patience(FallbackOn what) const {
    return what == FallbackOn::lost ? std::max(rules_.after, 2 * interval_) : rules_.after;
}

Timestamp FallbackDecider::breath(FallbackOn what) const {
    if (what == FallbackOn::silent) return kBreath;
    return std::max(what == FallbackOn::frozen ? kMotion : kBreath, 2 * interval_);
}

bool FallbackDecider::isGood(FallbackOn what, Timestamp at) const { return at - goodAt(what) <= breath(what); }

bool FallbackDecider::isFault(FallbackOn what, Timestamp at) const {
    return isJudged(what) && at - goodAt(what) >= patience(what);
}

std::optional<FallbackOn> FallbackDecider::judge(Timestamp at) {
    if (!running_) return std::nullopt;
    const auto faulty = [&] { return std::ranges::find_if(kLasting, [&](FallbackOn what) { return isFault(what, at); }); };
    if (ended_ && rules_.has(FallbackOn::ended)) {
        fault_ = FallbackOn::ended;
        goodSince_.reset();
    } else if (!fault_) {
        if (const auto* found = faulty(); found != kLasting.end()) fault_ = *found;
        goodSince_.reset();
    } else if (!isGood(*fault_, at) || !isGood(FallbackOn::lost, at) || faulty() != kLasting.end()) {
        goodSince_.reset();
    } else if (!goodSince_) {
        goodSince_ = at;
    } else if (at - *goodSince_ >= (wasThere(*fault_) ? kSteady : kSteadyAgain)) {
        fault_.reset();
        goodSince_.reset();
    }
    return fault_;
}

std::optional<Timestamp> FallbackDecider::due() const {
    if (fault_) return std::nullopt;  // what ends it comes by itself
    std::optional<Timestamp> first;
    for (const auto what : kLasting) {
        if (!isJudged(what)) continue;
        const auto at = goodAt(what) + patience(what);
        first = first ? std::min(*first, at) : at;
    }
    return first;
}

std::string describeFault(FallbackOn what, bool hasPicture, Timestamp after) {
    const auto tenths = (after.count() + 50'000) / 100'000;
    const auto lasting = " for " + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
    switch (what) {
        case FallbackOn::lost: return (hasPicture ? "no picture" : "no sound") + lasting;
        case FallbackOn::ended: return "it has ended";
        case FallbackOn::frozen: return "the same picture" + lasting;
        case FallbackOn::black: return "a black picture" + lasting;
        case FallbackOn::silent: return "silence" + lasting;
    }
    return {};
}

}  // namespace livepusher::capture
