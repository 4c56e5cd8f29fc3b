// SPDX-License-Identifier: MIT
#include "encode/probe.hpp"

#include "encode/child_process.hpp"
#include "encode/trial.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace livepusher::encode {
namespace {

using namespace std::chrono_literals;

struct ProbeTest : testing::Test {
    std::filesystem::path folder;
    const std::atomic<bool> never{false};

    ProbeTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "livepusher-test-XXXXXX").string();
        folder = mkdtemp(pattern.data());
    }
    ~ProbeTest() override { std::filesystem::remove_all(folder); }

    /// A program that LIVEPUSHER_PROBE could name: it is asked for all encoders.
    ProbeProgram script(const std::string& lines) const {
        const auto path = folder / "probe";
        std::ofstream(path) << "#!/bin/sh\n" << lines << "\n";
        chmod(path.c_str(), 0700);
        return {path.string(), true};
    }
    std::vector<HardwareTrial> tryWith(const std::string& lines, std::chrono::milliseconds time = 20s) const {
        return tryHardware(script(lines), {}, time, never);
    }
    static const HardwareTrial& of(const std::vector<HardwareTrial>& trials, const std::string& name) {
        return *std::ranges::find_if(trials, [&](const HardwareTrial& each) { return each.encoder->name == name; });
    }
    void touch(const std::string& name) const {
        std::filesystem::create_directories((folder / name).parent_path());
        std::ofstream(folder / name) << "";
    }
};

TEST_F(ProbeTest, TellsWhatTheProgramSays) {
    const auto trials = tryWith("case $1 in h264_vaapi) echo works;; *) echo \"problem: $1 has no driver\";; esac");
    EXPECT_EQ(of(trials, "h264_vaapi").problem, "");
    EXPECT_GT(of(trials, "h264_vaapi").milliseconds, 0);
    EXPECT_EQ(of(trials, "hevc_vaapi").problem, "does not work here: hevc_vaapi has no driver");
}

TEST_F(ProbeTest, EveryWayOfTheProgramToGoWrongIsAProblemAndNothingMore) {
    const struct {
        const char* lines;
        const char* problem;
    } cases[] = {
        {"kill -SEGV $$", "does not work here: its trial crashed (Segmentation fault)"},
        {"echo works; kill -ABRT $$", "does not work here: its trial crashed (Aborted)"},
        {"exit 3", "does not work here: its trial ended with 3"},
        {"echo hello", "does not work here: its trial gave no answer that makes sense"},
        {"head -c 200 /dev/urandom", "does not work here: its trial gave no answer that makes sense"},
        {"true", "does not work here: its trial gave no answer that makes sense"},
        {"while :; do echo works works works works works; done", "does not work here: its trial wrote without an end"},
        {"printf 'problem: \\033[31mred\\nmore'", "does not work here: ?[31mred"},
    };
    for (const auto& c : cases) EXPECT_EQ(of(tryWith(c.lines), "h264_vaapi").problem, c.problem) << c.lines;
}

TEST_F(ProbeTest, AProgramThatHangsIsEndedInTimeWithWhatItHasStarted) {
    for (const auto* lines :
         {"sleep 100 & echo $! >> pids; sleep 100", "echo works; exec >&-; sleep 100", "trap '' TERM INT; sleep 100"}) {
        std::filesystem::current_path(folder);
        const auto begin = std::chrono::steady_clock::now();
        const auto trials = tryWith(lines, 300ms);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        std::printf("%zu trials at once took %.3f s\n", trials.size(), took.count());
        EXPECT_EQ(of(trials, "h264_vaapi").problem, "does not work here: its trial took longer than 300 ms") << lines;
        EXPECT_LT(took, 20s);
    }
    std::ifstream pids("pids");
    for (int pid = 0; pids >> pid;) {
        bool gone = false;  // a zombie counts: nobody may be there to take it
        for (int i = 0; i < 1000 && !gone; ++i) {
            std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
            std::string word, name;
            gone = !(stat >> word >> name >> word) || word == "Z";
            if (!gone) usleep(5000);
        }
        EXPECT_TRUE(gone) << pid;
    }
    std::filesystem::current_path("/");
}

TEST_F(ProbeTest, AProgramThatIsNotThereIsSaidSo) {
    const auto trials = tryHardware({(folder / "none").string(), true}, {}, 20s, never);
    EXPECT_EQ(of(trials, "h264_nvenc").problem, "does not work here: its trial could not be started (No such file or directory)");
    DeviceNodes nodes;
    nodes.nvidia = true;
    EXPECT_NE(of(tryHardware({}, nodes, 20s, never), "h264_nvenc").problem.find("livepusher-probe is not where"),
              std::string::npos);
}

TEST_F(ProbeTest, WithoutDevicesNothingIsStarted) {
    auto program = script("touch " + (folder / "ran").string());
    program.chosen = false;
    const auto trials = tryHardware(program, findDeviceNodes((folder / "dev").string(), (folder / "sys").string()), 20s, never);
    EXPECT_NE(of(trials, "h264_vaapi").problem.find("no render node /dev/dri/renderD*: no GPU"), std::string::npos);
    EXPECT_NE(of(trials, "h264_nvenc").problem.find("no /dev/nvidia0"), std::string::npos);
    EXPECT_NE(of(trials, "h264_v4l2m2m").problem.find("no /dev/video*"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder / "ran"));
    HardwareProbe probe(program, {});
    EXPECT_TRUE(probe.find(VideoCodec::h264, 0ms).problem.starts_with("no hardware encoder of H.264 works here (h264_nvenc: no"));
}

TEST_F(ProbeTest, FindsTheDevicesThatAreThere) {
    for (const auto* name : {"dev/dri/card0", "dev/dri/renderD129", "dev/dri/renderD128", "dev/nvidia0", "dev/video10"})
        touch(name);
    touch("sys/class/drm/renderD129/device/vendor");
    std::ofstream(folder / "sys/class/drm/renderD129/device/vendor") << "0x8086\n";
    const auto nodes = findDeviceNodes((folder / "dev").string(), (folder / "sys").string());
    EXPECT_EQ(nodes.render, (std::vector{(folder / "dev/dri/renderD128").string(), (folder / "dev/dri/renderD129").string()}));
    EXPECT_TRUE(nodes.intel && nodes.nvidia && nodes.video && nodes.any());
    for (const auto kind : {EncoderKind::vaapi, EncoderKind::qsv, EncoderKind::nvenc, EncoderKind::v4l2})
        EXPECT_EQ(missingHardware(kind, nodes), "");
    EXPECT_FALSE(hasVideoCodecDevice((folder / "dev").string())) << "a file that is no device";
    DeviceNodes locked;
    locked.lockedRender = "/dev/dri/renderD128";
    EXPECT_NE(missingHardware(EncoderKind::vaapi, locked).find("group \"render\""), std::string::npos);
    DeviceNodes other;
    other.render = {"/dev/dri/renderD128"};
    EXPECT_EQ(missingHardware(EncoderKind::qsv, other), "no GPU of Intel's");
}

TEST_F(ProbeTest, RunsInTheBackgroundAndKeepsWhatItHasFound) {
    HardwareProbe probe(script("while [ ! -e \"" + (folder / "go").string() + "\" ]; do sleep 0.01; done; echo works"), {}, 60s);
    const auto early = probe.find(VideoCodec::h264, 0ms);
    EXPECT_TRUE(early.working.empty() && early.problem.empty()) << "not known yet";
    touch("go");
    const auto found = probe.find(VideoCodec::h264, 60s);
    EXPECT_EQ(found.working, (std::vector<std::string>{"h264_nvenc", "h264_qsv", "h264_vaapi", "h264_v4l2m2m"}));
    EXPECT_EQ(probe.find(VideoCodec::h264, 0ms).working, found.working);
}

TEST_F(ProbeTest, EndsItsTrialsWhenItGoesAway) {
    const auto begin = std::chrono::steady_clock::now();
    { HardwareProbe probe(script("sleep 100"), {}, 60s); }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
}

TEST_F(ProbeTest, AnApplicationThatIgnoresItsChildrenDisturbsNothing) {
    auto* before = std::signal(SIGCHLD, SIG_IGN);
    EXPECT_EQ(of(tryWith("echo works"), "h264_vaapi").problem, "");
    EXPECT_EQ(of(tryWith("sleep 100", 200ms), "h264_vaapi").problem, "does not work here: its trial took longer than 200 ms");
    std::signal(SIGCHLD, before);
}

TEST_F(ProbeTest, TheProgramOfThisBuildIsFoundAndTriesEncoders) {
    const auto program = findProbeProgram();
    ASSERT_FALSE(program.path.empty());
    const auto answers =
        runChildren({{program.path, "libx265"}, {program.path, "h264_nvenc"}, {program.path, "nothing"}}, 60s, never);
    EXPECT_EQ(answers[0].output, "works\n");
    EXPECT_EQ(answers[0].problem, "");
    if (!std::filesystem::exists("/dev/nvidia0")) {
        EXPECT_TRUE(answers[1].output.starts_with("problem: h264_nvenc: could not be opened")) << answers[1].output;
    }
    EXPECT_EQ(answers[2].problem, "ended with 2");
}

TEST_F(ProbeTest, ListsEveryKnownEncoderWithItsVerdict) {
    const auto list = listEncoders();
    ASSERT_EQ(list.size(), knownEncoders().size());
    for (const auto& each : list) {
        std::printf("%-14s %-8s %6.0f ms  %s\n", each.name.c_str(), each.hardware ? "hardware" : "software", each.milliseconds,
                    each.problem.c_str());
        EXPECT_EQ(each.works, each.problem.empty());
        if (!each.hardware) {
            EXPECT_TRUE(each.works) << each.name << ": " << each.problem;
        }
    }
}

}  // namespace
}  // namespace livepusher::encode
