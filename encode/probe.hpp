// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/devices.hpp>

#include "base/abandonable_thread.hpp"
#include "encode/device_nodes.hpp"
#include "encode/known_encoders.hpp"
#include "encode/ladder.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace livepusher::encode {

/// livepusher-probe, which tries one hardware encoder in a process of its own.
struct ProbeProgram {
    std::string path;     ///< empty: it is not there
    bool chosen = false;  ///< named by LIVEPUSHER_PROBE
};

/// LIVEPUSHER_PROBE, else beside the library: in the build tree's bin/, or where it was installed.
ProbeProgram findProbeProgram();

/// What became of one hardware encoder's trial.
struct HardwareTrial {
    const KnownEncoder* encoder = nullptr;
    std::string problem;  ///< why it doesn't work here; empty: it does
    double milliseconds = 0;
};

/// How long all trials together may take: a little less than the 2 s that somebody waits for them.
inline constexpr std::chrono::milliseconds kTrialTime{1900};

/// Tries every hardware encoder whose device may be here, each in a process of its own, beside each other: nothing that
/// a driver does can harm this one. A program that LIVEPUSHER_PROBE has named is asked for all, whatever devices there are.
std::vector<HardwareTrial> tryHardware(const ProbeProgram& program, const DeviceNodes& nodes, std::chrono::milliseconds time,
                                       const std::atomic<bool>& cancelled);

/// One round of trials, in the background, and what it has shown. Where no device is, no thread and no process is begun.
class HardwareProbe {
public:
    HardwareProbe(ProbeProgram program, const DeviceNodes& nodes, std::chrono::milliseconds time = kTrialTime);
    ~HardwareProbe();  ///< ends trials that are running; a driver that does not answer keeps a thread
    HardwareProbe(const HardwareProbe&) = delete;
    HardwareProbe& operator=(const HardwareProbe&) = delete;

    /// Waits until the trials are done, so long at most. [any-thread]
    FoundHardware find(VideoCodec codec, std::chrono::milliseconds wait);

private:
    /// What the round has shown. A driver may hold its thread for ever, so both own it.
    struct Round {
        std::mutex mutex;
        std::condition_variable finished;
        bool done = false;
        std::vector<HardwareTrial> trials;
        std::atomic<bool> cancelled{false};

        void publish(std::vector<HardwareTrial> all);
    };
    const std::shared_ptr<Round> round_ = std::make_shared<Round>();
    const int process_;  ///< a fork() has no thread to wait for
    base::AbandonableThread thread_;
};

/// Begins this process's one round of trials, unless that has been done; cheap. [any-thread]
void beginProbe();

/// Of this process's round, which is begun by now. [any-thread]
FoundHardware findHardware(VideoCodec codec, std::chrono::milliseconds wait);

/// What livepusher::listEncoders() answers.
std::vector<EncoderInfo> listEncoders();

}  // namespace livepusher::encode
