// SPDX-License-Identifier: MIT
#include "playback/delay_policy.hpp"

#include <algorithm>

namespace livepusher::playback {
namespace {

constexpr Timestamp kMostMargin{40'000}, kLeastMargin{20'000};      // between jitter and target
constexpr Timestamp kLeastPenalty{100'000}, kMostPenalty{500'000};  // of a stall
constexpr Timestamp kLeastMark{100'000};                            // sooner no clock begins
constexpr Timestamp kCalm{30'000'000};                              // without a stall, and the penalty goes down,
constexpr std::int64_t kForgiven = 10'000;                          // µs a second

double seconds(Timestamp time) { return static_cast<double>(time.count()) / 1e6; }

}  // namespace

void DelayPolicy::aim(Timestamp now, Timestamp jitter, Timestamp lead) {
    if (calmSince_ && aimedAt_) {
        const auto from = std::max(*aimedAt_, *calmSince_ + kCalm);
        if (now > from) penalty_ = std::max(penalty_ - (now - from) * kForgiven / 1'000'000, Timestamp(0));
    }
    aimedAt_ = now;
    // Who asks for hardly any delay takes the chance.
    const auto margin = std::clamp(settings_.minCache / 4, kLeastMargin, kMostMargin);
    const auto aimed = std::max(settings_.minCache, lead + (jitter > Timestamp(0) ? jitter + margin : Timestamp(0))) + penalty_;
    target_ = std::min(aimed, settings_.maxCache);
}

void DelayPolicy::stalled(Timestamp now) {
    // More than brings the target to its bound would only be in force for longer.
    const auto step = settings_.realTime ? kLeastPenalty : std::clamp(settings_.minCache / 2, kLeastPenalty, kMostPenalty);
    penalty_ = std::min(penalty_ + step, std::max(settings_.maxCache - settings_.minCache, Timestamp(0)));
    calmSince_ = now;
    speed_ = 1;
    regulating_ = false;
    tooFarSince_.reset();
}

void DelayPolicy::rest(Timestamp now, Timestamp jitter, Timestamp lead) {
    aim(now, jitter, lead);
    speed_ = 1;
    regulating_ = false;
    tooFarSince_.reset();
}

Timestamp DelayPolicy::startMark() const { return settings_.realTime ? kLeastMark : std::max(kLeastMark, target_ / 4); }

Timestamp DelayPolicy::restartMark() const { return std::max(kLeastMark, target_ / 2); }

double DelayPolicy::wanted(const Input& input) {
    const auto off = input.delay - target_;
    const auto distance = off < Timestamp(0) ? -off : off;
    if (distance >= kOut) regulating_ = true;
    if (distance < kIn) regulating_ = false;
    if (!regulating_) return 1;
    const auto speed = std::clamp(1 + kGain * seconds(off), settings_.minSpeed, settings_.maxSpeed);
    // What is left would be gone before more has come.
    return input.level < (target_ - input.lead) / 2 ? std::min(speed, 1.0) : speed;
}

/// A burst is left to pass first: it would be skipped through in pieces.
bool DelayPolicy::skips(const Input& input) {
    if (input.delay <= settings_.maxCache + kBeyond || input.level < target_ - input.lead + kWorth) {
        tooFarSince_.reset();
        return false;
    }
    if (!tooFarSince_) tooFarSince_ = input.now;
    if (input.bursting && input.now - *tooFarSince_ < kBurst) return false;
    tooFarSince_.reset();
    return true;
}

DelayPolicy::Decision DelayPolicy::tick(const Input& input) {
    aim(input.now, input.jitter, input.lead);
    if (skips(input)) {
        speed_ = 1;
        regulating_ = false;
        return {.speed = 1, .skip = true};
    }
    const auto speed = wanted(input);
    const auto steps = steppedAt_ ? std::min(seconds(input.now - *steppedAt_) / seconds(kStep), 10.0) : 1.0;
    steppedAt_ = input.now;
    speed_ = std::clamp(speed, speed_ - kSlew * steps, speed_ + kSlew * steps);
    return {.speed = speed_};
}

}  // namespace livepusher::playback
