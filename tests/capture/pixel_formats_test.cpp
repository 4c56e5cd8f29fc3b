// SPDX-License-Identifier: MIT
#include "capture/camera/pixel_formats.hpp"

#include <gtest/gtest.h>

namespace livepusher::capture {
namespace {

TEST(PixelFormats, EachHasOneWayToBeConverted) {
    ASSERT_FALSE(takenFormats().empty());
    for (const auto& format : takenFormats()) {
        const int ways =
            (format.kind == PixelKind::Jpeg) + (format.rare != AV_PIX_FMT_NONE) + (format.planes != PixelPlanes::None);
        EXPECT_EQ(ways, 1) << std::hex << format.fourcc;
        EXPECT_EQ(format.planes == PixelPlanes::Packed, format.packed != nullptr) << std::hex << format.fourcc;
    }
}

}  // namespace
}  // namespace livepusher::capture
