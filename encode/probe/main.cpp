// SPDX-License-Identifier: MIT
// livepusher-probe NAME: tries one encoder of libavcodec by encoding some frames, in a process that a driver may crash or
// hang. Says "works", or "problem: " and why, on one line.
#include "encode/encoder.hpp"
#include "encode/trial.hpp"

extern "C" {
#include <libavutil/log.h>
}

#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <mutex>
#include <string>

namespace {

std::mutex mutex;
std::string firstComplaint;  // of libavcodec's, which says more than its error codes do

void keepComplaint(void* source, int level, const char* format, va_list arguments) {
    if (level > AV_LOG_INFO) return;  // that is what errors of our contexts come as (av/av.hpp)
    std::array<char, 256> text{};
    int prefix = 1;
    av_log_format_line2(source, level, format, arguments, text.data(), text.size(), &prefix);
    const std::lock_guard lock(mutex);
    if (!firstComplaint.empty()) return;
    firstComplaint = text.data();
    while (firstComplaint.ends_with('\n')) firstComplaint.pop_back();
}

std::string withComplaint(const std::string& problem) {
    const std::lock_guard lock(mutex);
    return firstComplaint.empty() ? problem : problem + ": " + firstComplaint;
}

}  // namespace

int main(int argc, char** argv) try {
    using namespace livepusher::encode;
    const auto parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody else would end it if it hangs
    if (getppid() != parent) return 1;
    const auto* known = argc == 2 ? findEncoder(argv[1]) : nullptr;
    if (!known) {
        std::fputs("usage: livepusher-probe ENCODER (livepusher encoders lists them)\n", stderr);
        return 2;
    }
    av_log_set_callback(keepComplaint);
    const auto trial = tryEncoder(*makeEncoder(*known), known->codec);
    std::puts(trial.problem.empty() ? "works" : ("problem: " + withComplaint(trial.problem)).c_str());
    std::fflush(stdout);
    _exit(0);  // past the clean-up of drivers, which has crashed often enough
} catch (const std::exception& error) {
    std::fprintf(stderr, "livepusher-probe: %s\n", error.what());
    return 1;
}
