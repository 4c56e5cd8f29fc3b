// SPDX-License-Identifier: MIT
#include "net/curl_easy.hpp"

#include <system_error>

#include "base/read_file.hpp"
#include "net/certificate_error.hpp"
#include "net/curl_descriptors.hpp"
#include "net/network_interface.hpp"
#include "net/proxy.hpp"

namespace livepusher::rtmp {

namespace {

void initialiseCurl() {
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)done;  // curl_easy_init() fails when it did
}

bool isCertificate(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR ||
           code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CRL_BADFILE;
}

long verifyResult(CURL* easy) {
    long number = 0;
    curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &number);
    return number;
}

/// Why TLS was not agreed; where OpenSSL's words tell nothing to who does not know OpenSSL, in ours.
std::string tlsReason(CURLcode code, const std::string& curlsWords, const Endpoint& endpoint) {
    if (code == CURLE_SSL_CACERT_BADFILE)
        return "caFile \"" + endpoint.caFile + "\" holds no certificate that can be read: must be PEM";
    if (curlsWords.find("wrong version number") != std::string::npos) return "the server does not speak TLS at this port";
    return curlsWords;
}

}  // namespace

Result<void> CurlHandles::make() {
    initialiseCurl();
    base::WakeUpPair pair;
    multi = curl_multi_init();
    easy = curl_easy_init();
    if (!multi || !easy) return Error{Code::TcpFailed, "libcurl could not be initialised: out of memory or of file descriptors"};
    pair.close([&] { curl_multi_wakeup(multi); });
    return {};
}

void CurlHandles::release() {
    if (multi && easy) curl_multi_remove_handle(multi, easy);
    if (easy) curl_easy_cleanup(easy);
    if (multi) curl_multi_cleanup(multi);
    easy = nullptr;
    multi = nullptr;
}

Result<void> setUpConnection(CURL* easy, const Endpoint& endpoint, std::chrono::milliseconds timeout, ConnectLog& log) {
    log = {};
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, log.detail.data());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a cancel must not wait for the resolver's thread
    curl_easy_setopt(
        easy, CURLOPT_OPENSOCKETFUNCTION, +[](void*, curlsocktype, curl_sockaddr* to) -> curl_socket_t {
            return base::openSocket(to->family, to->socktype, to->protocol);
        });
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout.count()));
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (endpoint.tls && !endpoint.caFile.empty()) {  // libcurl itself would read it as long as its disk takes
        auto trusted = base::readCertificates(endpoint.caFile);
        if (!trusted) return trusted.error();
        curl_blob bytes{trusted->data(), trusted->size(), CURL_BLOB_COPY};
        curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
        curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &bytes);
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // these CAs only, not the system's as well
    }
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(&log));
    curl_easy_setopt(
        easy, CURLOPT_SSL_CTX_FUNCTION, +[](CURL*, void*, void* to) {
            static_cast<ConnectLog*>(to)->tlsBegun = true;
            return CURLE_OK;
        });
    setUpProxy(easy, endpoint, log);
    if (endpoint.networkInterface.empty()) return {};
    const auto device = interfaceOption(endpoint.networkInterface);
    if (!device) return device.error();
    curl_easy_setopt(easy, CURLOPT_INTERFACE, device->c_str());
    return {};
}

Error connectError(CURL* easy, CURLcode code, const Endpoint& endpoint, const ConnectLog& log) {
    const std::string where = endpoint.host + ":" + std::to_string(endpoint.port);
    const std::string words = log.detail[0] != '\0' ? log.detail.data() : curl_easy_strerror(code);
    const std::string why = ": " + words;
    if (code == CURLE_INTERFACE_FAILED) {
        const std::string from = "can't connect from networkInterface \"" + endpoint.networkInterface + "\"";
        return {Code::TcpFailed, from + why, lastErrno(easy), true};
    }
    const bool inTls = log.tlsBegun || isCertificate(code);
    if (!endpoint.proxy.empty() && !inTls) return proxyError(easy, code, endpoint, log);
    curl_off_t resolved = 0;
    curl_off_t connected = 0;
    curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved);
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
    const bool timedOut = code == CURLE_OPERATION_TIMEDOUT;
    if (!inTls && (code == CURLE_COULDNT_RESOLVE_HOST || (timedOut && resolved == 0)))
        return {Code::DnsFailed,
                "can't resolve " + endpoint.host +
                    (timedOut ? ": no answer in time; check the network" : ": check the host name and the network")};
    if (!inTls && (code == CURLE_COULDNT_CONNECT || (timedOut && connected == 0) || !endpoint.tls)) {
        const int number = lastErrno(easy);
        const std::string reason = timedOut      ? ": no answer in time"
                                   : number != 0 ? ": " + std::generic_category().message(number)
                                                 : why;
        return {Code::TcpFailed, "can't connect to " + where + reason, number};
    }
    // A clock that has not been set yet makes every certificate one of the future; it will be set.
    const bool refused = code == CURLE_PEER_FAILED_VERIFICATION;
    const auto time = refused ? certificateTime(verifyResult(easy)) : CertificateTime::NoMatter;
    return {Code::HandshakeFailed,
            "TLS with " + where + " failed: " + (timedOut ? "no answer in time" : tlsReason(code, words, endpoint)) +
                clockHint(time, std::chrono::system_clock::now()) + (refused ? authorityHint(verifyResult(easy)) : ""),
            lastErrno(easy), isCertificate(code) && time != CertificateTime::NotYetValid};
}

int lastErrno(CURL* easy) {
    long number = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
    return static_cast<int>(number);
}

}  // namespace livepusher::rtmp
