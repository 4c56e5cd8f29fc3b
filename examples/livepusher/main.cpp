// SPDX-License-Identifier: MIT
#include "arguments.hpp"
#include "effects_command.hpp"
#include "list_commands.hpp"
#include "play_command.hpp"
#include "push_command.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

/// A closed stdin, stdout or stderr would hand its number to the next file that is opened, a recording for example.
void fillStandardDescriptors() {
    int fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO) fd = dup(fd);
    if (fd > STDERR_FILENO) close(fd);
}

}  // namespace

int main(int argc, char** argv) try {
    fillStandardDescriptors();
    // x264 asks for huge pages, which round each of its planes up to 2 MB: 2 to 4 MB more at 720p, and nothing faster for it.
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // who writes beyond a limit of file sizes is told so by EFBIG
    setenv("SVT_LOG", "1", 0);      // its encoder of AV1 would describe itself on stderr; 1: errors alone
    auto command = program::parseCommandLine({argv, static_cast<std::size_t>(argc)});
    if (command.effects) return program::applyEffects(*command.effects);
    if (command.devices) return program::listDevices(command.devices->json);
    if (command.encoders) return program::listEncoders(command.encoders->json);
    if (!command.push && !command.play) {
        std::fputs(command.text.c_str(), command.exitCode == program::kDone ? stdout : stderr);
        return command.exitCode;
    }
    const auto& run = command.push ? command.push->run : command.play->run;
    if (run.printConfig) {
        const auto config = command.push ? program::describeConfig(*command.push) : program::describeConfig(*command.play);
        std::fputs(config.c_str(), stdout);
        return program::kDone;
    }
    if (command.play) return program::PlayCommand(std::move(*command.play)).run();
    return program::PushCommand(std::move(*command.push)).run();
} catch (const std::exception& error) {
    std::fprintf(stderr, "livepusher: %s\n", error.what());
    return program::kOtherFailure;
}
