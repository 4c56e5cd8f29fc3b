// SPDX-License-Identifier: MIT
#include "net/certificate_error.hpp"

#include <gtest/gtest.h>

namespace livepusher::rtmp {

TEST(CertificateError, NamesTheClockWhereTimeIsWhatIsWrong) {
    const std::chrono::system_clock::time_point start{std::chrono::seconds(90)};
    EXPECT_EQ(clockHint(certificateTime(9), start), "; this machine's clock says 1970-01-01 00:01 UTC: set it if that is wrong");
    EXPECT_NE(clockHint(certificateTime(10), start), "");
    EXPECT_EQ(clockHint(certificateTime(0), start), "");
    EXPECT_EQ(clockHint(certificateTime(18), start), "") << "self-signed";
}

TEST(CertificateError, SaysHowToTrustAnAuthorityThatIsNotTrusted) {
    for (const long self : {18L, 19L, 20L, 21L})
        EXPECT_EQ(authorityHint(self), "; its authority is not among those trusted: name it by caFile");
    for (const long other : {0L, 9L, 10L, 62L}) EXPECT_EQ(authorityHint(other), "");
}

}  // namespace livepusher::rtmp
