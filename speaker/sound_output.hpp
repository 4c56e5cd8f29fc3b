// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "speaker/speaker.hpp"

namespace livepusher::speaker {

/// What an output is to be, and what its thread is told meanwhile. Shared with that thread, which may outlive the speaker
/// when a driver hangs.
struct OutputOrder {
    std::string device;
    std::atomic<Role> role{Role::Speaker};
    std::atomic<std::int64_t> latency{60'000};  ///< µs
    std::atomic<bool> quit{false};

    std::string title() const { return "speaker" + (device.empty() ? "" : " \"" + device + "\""); }  ///< for messages
};

/// Where an output takes its samples, and tells what of them is heard. On the output's thread; fill() and heard() for real time.
class Feed {
public:
    /// False: it has been given up meanwhile, and has to be opened anew.
    virtual bool fill(std::span<float> samples) = 0;
    virtual std::int64_t filled() const = 0;                    ///< frames, in all
    virtual void heard(std::int64_t frames, Timestamp at) = 0;  ///< of those: this one, then
    virtual void beginAnew() = 0;                               ///< what is told from now on is of another line
    virtual void moved(const std::string& device) = 0;          ///< to another device, which begins anew

protected:
    ~Feed() = default;
};

/// A stream of the sound server or a card, on the thread that feeds it; wake() alone is for others.
class SoundOutput {
public:
    virtual ~SoundOutput() = default;
    /// Makes it ready to play; gives up at `until` or when the order says quit. Errors: NotAvailable, Cancelled.
    virtual Result<void> open(Timestamp until) = 0;
    /// Takes what there is room for, after at most one wait until `until`. An error: it is gone and has to be opened anew.
    virtual Result<void> play(Timestamp until, Feed& feed) = 0;
    /// What plays it, for people; changes when the server moves it.
    virtual std::string name() const = 0;
    /// open() found nothing of that kind here: another kind may be tried.
    virtual bool noServer() const { return false; }
    /// Ends a wait in open() and play(), so that they see what the order says now. [any-thread]
    virtual void wake() = 0;
};

/// What a feed that is given up is told as.
Error outputGivenUp(const OutputOrder& order);

using OutputMaker = std::function<std::unique_ptr<SoundOutput>(std::shared_ptr<const OutputOrder>)>;

std::unique_ptr<SoundOutput> makePulseOutput(std::shared_ptr<const OutputOrder> order);
std::unique_ptr<SoundOutput> makeAlsaOutput(std::shared_ptr<const OutputOrder> order);

}  // namespace livepusher::speaker
