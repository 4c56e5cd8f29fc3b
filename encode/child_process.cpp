// SPDX-License-Identifier: MIT
#include "encode/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "base/descriptor.hpp"

extern char** environ;

namespace livepusher::encode {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostOutput = 4096;

std::string systemText(int error) { return std::generic_category().message(error); }

/// What posix_spawn is told; freed again.
struct SpawnSettings {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};

    explicit SpawnSettings(int output) {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        posix_spawnattr_setpgroup(&attributes, 0);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }
};

/// One program that runs; killed and waited for at its end.
class Child {
public:
    explicit Child(const std::vector<std::string>& command) {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) < 0) {
            answer.problem = "could not be started (" + systemText(errno) + ")";
            return;
        }
        base::Descriptor reading(ends[0]), writing(ends[1]);
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        std::vector<char*> arguments;
        for (const auto& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
        arguments.push_back(nullptr);
        const SpawnSettings settings(ends[1]);
        const int error = posix_spawn(&pid_, arguments[0], &settings.actions, &settings.attributes, arguments.data(), environ);
        if (error != 0) {
            pid_ = 0;
            answer.problem = "could not be started (" + systemText(error) + ")";
            return;
        }
        output_ = std::move(reading);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() { finish("was not waited for"); }

    bool running() const { return pid_ > 0; }
    int fd() const { return output_.get(); }

    /// Takes what there is to read; at the end, waits until it has ended.
    void read(Clock::time_point begin) {
        std::array<char, 1024> bytes{};
        for (;;) {
            const auto count = ::read(output_.get(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return;
            if (count == 0) {
                answer.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
                closed_ = true;
                output_ = {};
                return;
            }
            answer.output.append(bytes.data(), static_cast<std::size_t>(count));
            if (answer.output.size() > kMostOutput) return finish("wrote without an end");
        }
    }

    /// Once it has closed its stdout: whether it has ended too.
    void lookForEnd() {
        if (!closed_) return;
        int status = 0;
        const auto ended = waitpid(pid_, &status, WNOHANG);
        if (ended == 0) return;
        pid_ = 0;
        if (ended > 0) judge(status);  // else the application has waited for all its children: output alone tells
    }

    void finish(const std::string& why) {
        output_ = {};
        if (pid_ <= 0) return;
        answer.problem = why;
        kill(-pid_, SIGKILL);
        kill(pid_, SIGKILL);  // where it has no group of its own yet
        // One that a driver holds in the kernel ends when it lets go; nobody waits for that.
        for (int i = 0; i < 100 && waitpid(pid_, nullptr, WNOHANG) == 0; ++i) usleep(2000);
        pid_ = 0;
    }

    ChildAnswer answer;

private:
    void judge(int status) {
        if (WIFSIGNALED(status))
            answer.problem = std::string("crashed (") + sigdescr_np(WTERMSIG(status)) + ")";
        else if (WEXITSTATUS(status) != 0)
            answer.problem = "ended with " + std::to_string(WEXITSTATUS(status));
    }

    pid_t pid_ = 0;
    base::Descriptor output_;
    bool closed_ = false;
};

}  // namespace

std::vector<ChildAnswer> runChildren(const std::vector<std::vector<std::string>>& commands, std::chrono::milliseconds time,
                                     const std::atomic<bool>& cancelled) {
    constexpr int kLook = 20;  // ms between two looks at what no descriptor tells
    const auto begin = Clock::now();
    std::vector<std::unique_ptr<Child>> children;
    for (const auto& command : commands) children.push_back(std::make_unique<Child>(command));
    const auto running = [&] { return std::ranges::any_of(children, [](const auto& child) { return child->running(); }); };
    while (running() && Clock::now() - begin < time && !cancelled) {
        std::vector<pollfd> waiting;
        for (const auto& child : children) {
            if (child->fd() >= 0) waiting.push_back({child->fd(), POLLIN, 0});
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(time - (Clock::now() - begin)).count();
        poll(waiting.data(), waiting.size(), static_cast<int>(std::clamp<long>(left, 0, kLook)));
        for (const auto& child : children) {
            if (child->fd() >= 0) child->read(begin);
            if (child->running()) child->lookForEnd();
        }
    }
    std::vector<ChildAnswer> answers;
    for (const auto& child : children) {
        if (child->running()) {
            child->answer.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
            child->finish(cancelled ? "was ended" : "took longer than " + std::to_string(time.count()) + " ms");
        }
        answers.push_back(std::move(child->answer));
    }
    return answers;
}

}  // namespace livepusher::encode
