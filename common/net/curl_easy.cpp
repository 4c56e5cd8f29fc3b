// SPDX-License-Identifier: MIT
#include "net/curl_easy.hpp"

#include <net/if.h>
#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <system_error>
#include <vector>

#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "base/read_file.hpp"
#include "net/certificate_error.hpp"
#include "net/curl_descriptors.hpp"
#include "net/proxy.hpp"

namespace livepusher::rtmp {

namespace {

void initialiseCurl() {
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)done;  // curl_easy_init() fails when it did
}

long verifyResult(CURL* easy) { return curlInfo<long>(easy, CURLINFO_SSL_VERIFYRESULT); }

std::string wordsOf(CURLcode code, const ConnectLog& log) {
    return log.detail[0] != '\0' ? log.detail.data() : curl_easy_strerror(code);
}

/// Of a certificate that was refused.
CertificateTime timeOf(CURL* easy, CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION ? certificateTime(verifyResult(easy)) : CertificateTime::NoMatter;
}

/// libcurl itself would read the file as long as its disk takes.
Result<void> setUpTrust(CURL* easy, const std::string& caFile, Tls tls) {
    if (tls == Tls::Never || caFile.empty()) return {};
    auto trusted = base::readCertificates(caFile);
    if (!trusted && tls == Tls::Always) return trusted.error();
    if (!trusted) {
        base::log(LogLevel::Error, trusted.error().message);
        trusted = std::vector<std::uint8_t>{'\n'};  // trusts nobody, should it come to TLS
    }
    curl_blob bytes{trusted->data(), trusted->size(), CURL_BLOB_COPY};
    curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
    curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &bytes);
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // these CAs only, not the system's as well
    return {};
}

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses numeric(const std::string& text) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(text.c_str(), nullptr, &hints, &found) != 0) found = nullptr;
    return {found, freeaddrinfo};
}

std::string allNames() {
    std::string names;
    if (struct if_nameindex* const all = if_nameindex()) {
        for (const struct if_nameindex* each = all; each->if_index != 0; ++each)
            names += (names.empty() ? "" : ", ") + std::string(each->if_name);
        if_freenameindex(all);
    }
    return names;
}

// 0: this machine has the address; else errno.
int tryBinding(const addrinfo& address) {
    const base::Descriptor made(socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return made && bind(made.get(), address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
}

/// What CURLOPT_INTERFACE takes for an interface's name or one of its addresses: told apart here, for libcurl would
/// look an unknown name up as a host's. Error, permanent: TcpFailed, this machine has neither.
Result<std::string> interfaceOption(const std::string& nameOrAddress) {
    const std::string subject = "networkInterface \"" + nameOrAddress + "\": ";
    if (if_nametoindex(nameOrAddress.c_str()) != 0) return "if!" + nameOrAddress;
    if (const auto address = numeric(nameOrAddress)) {
        const int number = tryBinding(*address);
        if (number == 0) return "host!" + nameOrAddress;
        return Error{Code::TcpFailed, subject + "can't connect from this address: " + std::generic_category().message(number),
                     number, true};
    }
    return Error{Code::TcpFailed, subject + "neither an address nor an interface of this machine, which has " + allNames(),
                 ENODEV, true};
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

Result<void> setUpConnection(CURL* easy, const base::NetworkOptions& network, Tls tls, std::chrono::milliseconds timeout,
                             ConnectLog& log) {
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
    if (auto trusted = setUpTrust(easy, network.caFile, tls); !trusted) return trusted;
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(&log));
    curl_easy_setopt(
        easy, CURLOPT_SSL_CTX_FUNCTION, +[](CURL*, void*, void* to) {
            static_cast<ConnectLog*>(to)->tlsBegun = true;
            return CURLE_OK;
        });
    setUpProxy(easy, network.proxy, log);
    if (network.networkInterface.empty()) return {};
    const auto device = interfaceOption(network.networkInterface);
    if (!device) return device.error();
    curl_easy_setopt(easy, CURLOPT_INTERFACE, device->c_str());
    return {};
}

bool isCertificate(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR ||
           code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CRL_BADFILE;
}

std::string tlsReason(CURL* easy, CURLcode code, const base::NetworkOptions& network, const ConnectLog& log) {
    if (code == CURLE_OPERATION_TIMEDOUT) return "no answer in time";
    if (code == CURLE_SSL_CACERT_BADFILE)
        return "caFile \"" + network.caFile + "\" holds no certificate that can be read: must be PEM";
    const auto words = wordsOf(code, log);
    // OpenSSL's words tell nothing to who does not know OpenSSL.
    if (words.find("wrong version number") != std::string::npos) return "the server does not speak TLS at this port";
    const bool refused = code == CURLE_PEER_FAILED_VERIFICATION;
    return words + clockHint(timeOf(easy, code), std::chrono::system_clock::now()) +
           (refused ? authorityHint(verifyResult(easy)) : "");
}

std::string interfaceReason(CURLcode code, const base::NetworkOptions& network, const ConnectLog& log) {
    return "can't connect from networkInterface \"" + network.networkInterface + "\": " + wordsOf(code, log);
}

Error connectError(CURL* easy, CURLcode code, const Endpoint& endpoint, const ConnectLog& log) {
    const std::string where = endpoint.host + ":" + std::to_string(endpoint.port);
    if (code == CURLE_INTERFACE_FAILED)
        return {Code::TcpFailed, interfaceReason(code, endpoint.network, log), lastErrno(easy), true};
    const bool inTls = log.tlsBegun || isCertificate(code);
    if (!endpoint.network.proxy.empty() && !inTls)
        return proxyError(easy, code, endpoint.network.proxy, {endpoint.host, where}, log);
    const auto resolved = curlInfo<curl_off_t>(easy, CURLINFO_NAMELOOKUP_TIME_T);
    const auto connected = curlInfo<curl_off_t>(easy, CURLINFO_CONNECT_TIME_T);
    const bool timedOut = code == CURLE_OPERATION_TIMEDOUT;
    if (!inTls && (code == CURLE_COULDNT_RESOLVE_HOST || (timedOut && resolved == 0)))
        return {Code::DnsFailed,
                "can't resolve " + endpoint.host +
                    (timedOut ? ": no answer in time; check the network" : ": check the host name and the network")};
    if (!inTls && (code == CURLE_COULDNT_CONNECT || (timedOut && connected == 0) || !endpoint.tls)) {
        const int number = lastErrno(easy);
        const std::string reason = timedOut      ? "no answer in time"
                                   : number != 0 ? std::generic_category().message(number)
                                                 : wordsOf(code, log);
        return {Code::TcpFailed, "can't connect to " + where + ": " + reason, number};
    }
    // A clock that has not been set yet makes every certificate one of the future; it will be set.
    return {Code::HandshakeFailed, "TLS with " + where + " failed: " + tlsReason(easy, code, endpoint.network, log),
            lastErrno(easy), isCertificate(code) && timeOf(easy, code) != CertificateTime::NotYetValid};
}

int lastErrno(CURL* easy) { return static_cast<int>(curlInfo<long>(easy, CURLINFO_OS_ERRNO)); }

}  // namespace livepusher::rtmp
