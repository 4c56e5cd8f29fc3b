// SPDX-License-Identifier: MIT
#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <string>
#include <thread>
#include <utility>

#include "loopback_listener.hpp"

namespace livepusher::capture {

/// A key, and a certificate of its own making for one IPv4 address.
class SelfSigned {
public:
    explicit SelfSigned(std::array<unsigned char, 4> address) {
        constexpr unsigned char kSerial = 1;
        const char* name = "livepusher test";
        gnutls_x509_privkey_init(&key_);
        gnutls_x509_privkey_generate(key_, GNUTLS_PK_EC, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
        gnutls_x509_crt_init(&certificate_);
        gnutls_x509_crt_set_version(certificate_, 3);
        gnutls_x509_crt_set_serial(certificate_, &kSerial, 1);
        gnutls_x509_crt_set_activation_time(certificate_, std::time(nullptr) - 3600);
        gnutls_x509_crt_set_expiration_time(certificate_, std::time(nullptr) + 3600);
        gnutls_x509_crt_set_dn_by_oid(certificate_, GNUTLS_OID_X520_COMMON_NAME, 0, name, 15);
        gnutls_x509_crt_set_subject_alt_name(certificate_, GNUTLS_SAN_IPADDRESS, address.data(), 4, GNUTLS_FSAN_SET);
        gnutls_x509_crt_set_basic_constraints(certificate_, 1, -1);
        gnutls_x509_crt_set_key(certificate_, key_);
        if (gnutls_x509_crt_sign2(certificate_, certificate_, key_, GNUTLS_DIG_SHA256, 0) != 0)
            throw std::runtime_error("no certificate could be made");
    }
    ~SelfSigned() {
        gnutls_x509_crt_deinit(certificate_);
        gnutls_x509_privkey_deinit(key_);
    }
    SelfSigned(const SelfSigned&) = delete;
    SelfSigned& operator=(const SelfSigned&) = delete;

    std::string pem() const {
        gnutls_datum_t text{};
        gnutls_x509_crt_export2(certificate_, GNUTLS_X509_FMT_PEM, &text);
        std::string made(reinterpret_cast<const char*>(text.data), text.size);
        gnutls_free(text.data);
        return made;
    }
    gnutls_x509_crt_t certificate() const { return certificate_; }
    gnutls_x509_privkey_t key() const { return key_; }

private:
    gnutls_x509_privkey_t key_ = nullptr;
    gnutls_x509_crt_t certificate_ = nullptr;
};

/// An https server on a free port of the loopback that answers every request with the same file.
class TlsServer {
public:
    TlsServer(const SelfSigned& identity, std::string body) : body_(std::move(body)) {
        auto* certificate = identity.certificate();
        gnutls_certificate_allocate_credentials(&credentials_);
        gnutls_certificate_set_x509_key(credentials_, &certificate, 1, identity.key());
        thread_ = std::thread([this] { run(); });
    }
    ~TlsServer() {
        listener_.end();
        thread_.join();
        gnutls_certificate_free_credentials(credentials_);
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    std::string url(const std::string& target) const { return "https://127.0.0.1:" + std::to_string(listener_.port()) + target; }

private:
    void run() {
        for (;;) {
            const int socket = listener_.accept();
            if (socket < 0) return;
            gnutls_session_t session = nullptr;
            gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
            gnutls_set_default_priority(session);
            gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials_);
            gnutls_transport_set_int(session, socket);
            gnutls_handshake_set_timeout(session, 10'000);
            if (gnutls_handshake(session) == 0) answer(session);
            gnutls_deinit(session);
            ::close(socket);
        }
    }
    void answer(gnutls_session_t session) const {
        std::array<char, 4096> head{};
        if (gnutls_record_recv(session, head.data(), head.size()) <= 0) return;
        const auto text =
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body_.size()) + "\r\nConnection: close\r\n\r\n" + body_;
        for (std::size_t at = 0; at < text.size();) {
            const auto count = gnutls_record_send(session, text.data() + at, text.size() - at);
            if (count <= 0) return;
            at += static_cast<std::size_t>(count);
        }
        gnutls_bye(session, GNUTLS_SHUT_WR);
    }

    const std::string body_;
    gnutls_certificate_credentials_t credentials_ = nullptr;
    const LoopbackListener listener_;
    std::thread thread_;  // last
};

}  // namespace livepusher::capture
