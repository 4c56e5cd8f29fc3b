// SPDX-License-Identifier: MIT
#include "capture/device_source.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace livepusher::capture
