// SPDX-License-Identifier: MIT
#include "rtmp/certificate_error.hpp"

#include <gtest/gtest.h>

namespace livepusher::rtmp {

TEST(CertificateError, NamesTheClockWhereTimeIsWhatIsWrong) {
    const std::chrono::system_clock::time_point start{std::chrono::seconds(90)};
    EXPECT_EQ(clockHint(certificateTime(9), start), "; this machine's clock says 1970-01-01 00:01 UTC: set it if that is wrong");
    EXPECT_NE(clockHint(certificateTime(10), start), "");
    EXPECT_EQ(clockHint(certificateTime(0), start), "");
    EXPECT_EQ(clockHint(certificateTime(18), start), "") << "self-signed";
}

}  // namespace livepusher::rtmp
