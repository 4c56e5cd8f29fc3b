// SPDX-License-Identifier: MIT
#include "net/certificate_error.hpp"

#include <array>
#include <ctime>

namespace livepusher::rtmp {

namespace {

// X509_V_ERR_… of <openssl/x509_vfy.h>; libcurl hands them on as they are.
constexpr long kNotYetValid = 9;
constexpr long kHasExpired = 10;
constexpr long kSelfSigned = 18;
constexpr long kSelfSignedInChain = 19;
constexpr long kNoIssuer = 20;
constexpr long kNoIssuerOfTheFirst = 21;

}  // namespace

CertificateTime certificateTime(long verifyResult) {
    if (verifyResult == kNotYetValid) return CertificateTime::NotYetValid;
    return verifyResult == kHasExpired ? CertificateTime::Expired : CertificateTime::NoMatter;
}

std::string clockHint(CertificateTime what, std::chrono::system_clock::time_point now) {
    if (what == CertificateTime::NoMatter) return "";
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm utc{};
    std::array<char, 32> text{};
    if (!gmtime_r(&seconds, &utc) || std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &utc) == 0) return "";
    return std::string("; this machine's clock says ") + text.data() + ": set it if that is wrong";
}

std::string authorityHint(long verifyResult) {
    switch (verifyResult) {
        case kSelfSigned:
        case kSelfSignedInChain:
        case kNoIssuer:
        case kNoIssuerOfTheFirst: return "; its authority is not among those trusted: name it by caFile";
        default: return "";
    }
}

}  // namespace livepusher::rtmp
