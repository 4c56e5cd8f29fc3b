// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

#include "collector.hpp"

// With real devices these sources are tried by the integration tests; here is what holds without any.
namespace livepusher::capture {
namespace {

Spec device(SourceKind kind, const std::string& id) {
    Spec spec;
    spec.kind = kind;
    spec.target = id;
    return spec;
}

TEST(DeviceSource, ACameraThatIsNotThereIsToldByName) {
    Collector got;
    const auto started =
        makeCamera(device(SourceKind::Camera, "/dev/video-none"), {})->start({.width = 640, .height = 480}, got.video());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::CameraFailed);
    EXPECT_NE(started.error().message.find("\"/dev/video-none\": is not there"), std::string::npos) << started.error().message;
    const auto noCamera =
        makeCamera(device(SourceKind::Camera, "/dev/null"), {})->start({.width = 640, .height = 480}, got.video());
    ASSERT_FALSE(noCamera);
    EXPECT_EQ(noCamera.error().code, Code::CameraFailed);
}

/// For a process of its own: what a start answers.
std::string startWithoutDescriptors() {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_NOFILE, &none) != 0) return "no limit";
    Collector got;
    const auto started =
        makeCamera(device(SourceKind::Camera, "/dev/video0"), {})->start({.width = 640, .height = 480}, got.video());
    return started ? "started" : started.error().message;
}

/// Its thread could not be told anything then, not even to end.
TEST(DeviceSourceDeathTest, ACameraForWhichThereIsNoDescriptorSaysSo) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the undefined-behaviour sanitizer, built with this one, looks at objects through a pipe";
#endif
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT((std::fputs(startWithoutDescriptors().c_str(), stderr), std::_Exit(0)), testing::ExitedWithCode(0),
                "camera: out of file descriptors: Too many open files");
}

}  // namespace
}  // namespace livepusher::capture
