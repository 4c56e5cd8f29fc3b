// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace livepusher::rtmp {

/// What a certificate's refusal has to do with time, from the number that OpenSSL's verification ended with.
enum class CertificateTime { NoMatter, NotYetValid, Expired };
CertificateTime certificateTime(long verifyResult);

/// For the end of a message about such a certificate: a board without a battery begins in 1970. Empty for NoMatter.
std::string clockHint(CertificateTime what, std::chrono::system_clock::time_point now);

/// For the end of a message about a certificate whose authority is none of those trusted; empty for any other refusal.
std::string authorityHint(long verifyResult);

}  // namespace livepusher::rtmp
