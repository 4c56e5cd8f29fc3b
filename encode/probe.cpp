// SPDX-License-Identifier: MIT
#include "encode/probe.hpp"

#include "base/log.hpp"
#include "base/own_prefixes.hpp"
#include "base/thread_name.hpp"
#include "encode/child_process.hpp"
#include "encode/trial.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace livepusher::encode {

namespace {

/// What the end of a program waits for trials that it ends: killing one takes 200 ms at most, when a driver holds it.
constexpr std::chrono::milliseconds kEndTime{500};

/// Why there is no need to try it; empty: there is.
std::string hopeless(const KnownEncoder& known, const ProbeProgram& program, const DeviceNodes& nodes) {
    if (!isBuiltIn(known))
        return known.since > 0 ? "this libavcodec does not have it (FFmpeg 6.1 and later do)"
                               : "this libavcodec does not have it";
    if (program.chosen) return {};
    if (auto missing = missingHardware(known.kind, nodes); !missing.empty()) return missing;
    if (known.kind == EncoderKind::v4l2 && !hasVideoCodecDevice())
        return "no /dev/video* encodes: they are cameras, or closed to this user";
    if (program.path.empty())
        return "can't be tried: livepusher-probe is not where it was installed (LIVEPUSHER_PROBE names another place)";
    return {};
}

/// What the program has answered, as a problem.
std::string judge(const ChildAnswer& answer) {
    constexpr std::string_view kWorks = "works\n", kProblem = "problem: ";
    constexpr std::size_t kLongest = 300;
    if (!answer.problem.empty()) return "does not work here: its trial " + answer.problem;
    if (answer.output == kWorks) return {};
    if (!answer.output.starts_with(kProblem)) return "does not work here: its trial gave no answer that makes sense";
    auto text = answer.output.substr(kProblem.size(), kLongest);
    text.erase(std::min(text.find('\n'), text.size()));
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
    return "does not work here: " + text;
}

/// "h264_qsv, h264_vaapi: no render node …; h264_nvenc: …"
std::string summary(const std::vector<HardwareTrial>& trials, VideoCodec codec) {
    std::vector<std::pair<std::string, std::string>> groups;  // names, problem
    for (const auto& trial : trials) {
        if (trial.encoder->codec != codec) continue;
        const auto same = std::ranges::find(groups, trial.problem, &std::pair<std::string, std::string>::second);
        if (same == groups.end())
            groups.emplace_back(trial.encoder->name, trial.problem);
        else
            same->first += std::string(", ") + trial.encoder->name;
    }
    std::string text;
    for (const auto& [names, problem] : groups) text += (text.empty() ? "" : "; ") + names + ": " + problem;
    return "no hardware encoder of " + std::string(codecName(codec)) + " works here (" + text + ")";
}

HardwareProbe& processProbe() {
    static HardwareProbe probe(findProbeProgram(), findDeviceNodes());
    return probe;
}

}  // namespace

ProbeProgram findProbeProgram() {
    constexpr const char* kName = "livepusher-probe";
    if (const char* named = secure_getenv("LIVEPUSHER_PROBE"); named && *named) return {named, true};
    for (const auto& prefix : base::ownPrefixes()) {
        for (const auto* place : {"bin", "libexec/livepusher"}) {
            const auto path = prefix / place / kName;
            if (access(path.c_str(), X_OK) == 0) return {path.string(), false};
        }
    }
    // The library may be linked into a program that lives elsewhere.
    for (const auto* prefix : {"/usr/local", "/usr"}) {
        const auto path = std::filesystem::path(prefix) / "libexec/livepusher" / kName;
        if (access(path.c_str(), X_OK) == 0) return {path.string(), false};
    }
    return {};
}

std::vector<HardwareTrial> tryHardware(const ProbeProgram& program, const DeviceNodes& nodes, std::chrono::milliseconds time,
                                       const std::atomic<bool>& cancelled) {
    std::vector<HardwareTrial> trials;
    std::vector<std::vector<std::string>> commands;
    std::vector<std::size_t> tried;
    for (const auto& known : knownEncoders()) {
        if (!known.hardware()) continue;
        trials.push_back({&known, hopeless(known, program, nodes), 0});
        if (!trials.back().problem.empty()) continue;
        commands.push_back({program.path, known.name});
        tried.push_back(trials.size() - 1);
    }
    const auto answers = runChildren(commands, time, cancelled);
    for (std::size_t i = 0; i < tried.size(); ++i) {
        auto& trial = trials[tried[i]];
        trial.problem = judge(answers[i]);
        trial.milliseconds = answers[i].milliseconds;
    }
    return trials;
}

HardwareProbe::HardwareProbe(ProbeProgram program, const DeviceNodes& nodes, std::chrono::milliseconds time)
    : process_(getpid()) {
    if (!program.chosen && !nodes.any()) {
        round_->publish(tryHardware(program, nodes, time, round_->cancelled));
        return;
    }
    const auto started = thread_.start("encoder-probe", [round = round_, program, nodes, time] {
        base::lowerThreadPriority();
        auto trials = tryHardware(program, nodes, time, round->cancelled);
        for (const auto& trial : trials) {
            const auto& verdict = trial.problem.empty() ? "works" : trial.problem;
            base::log(LogLevel::Debug, std::string("hardware encoder ") + trial.encoder->name + ": " + verdict);
        }
        round->publish(std::move(trials));
    });
    if (started) return;
    std::vector<HardwareTrial> untried;
    for (const auto& known : knownEncoders())
        if (known.hardware()) untried.push_back({&known, started.error().message, 0});
    round_->publish(std::move(untried));
}

void HardwareProbe::Round::publish(std::vector<HardwareTrial> all) {
    const std::lock_guard lock(mutex);
    trials = std::move(all);
    done = true;
    finished.notify_all();
}

HardwareProbe::~HardwareProbe() {
    round_->cancelled = true;
    if (getpid() == process_)
        thread_.end(kEndTime);
    else
        thread_.leave();
}

FoundHardware HardwareProbe::find(VideoCodec codec, std::chrono::milliseconds wait) {
    std::unique_lock lock(round_->mutex);
    if (!round_->finished.wait_for(lock, wait, [this] { return round_->done; })) return {};
    FoundHardware found;
    for (const auto& trial : round_->trials) {
        if (trial.encoder->codec == codec && trial.problem.empty()) found.working.emplace_back(trial.encoder->name);
    }
    if (found.working.empty()) found.problem = summary(round_->trials, codec);
    return found;
}

void beginProbe() { processProbe(); }

FoundHardware findHardware(VideoCodec codec, std::chrono::milliseconds wait) { return processProbe().find(codec, wait); }

}  // namespace livepusher::encode
