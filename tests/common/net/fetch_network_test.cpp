// SPDX-License-Identifier: MIT
// That proxy, interface and certificates hold for what is fetched as for what is pushed, in one piece or piece by piece.
#include <gtest/gtest.h>

#include <cstdlib>

#include "expect_holds.hpp"
#include "http_server.hpp"
#include "net/fetch.hpp"
#include "net/http_stream.hpp"
#include "temp_folder.hpp"
#include "tls_server.hpp"

namespace livepusher::capture {
namespace {

using Exchange = HttpServer::Exchange;
using Options = base::NetworkOptions;

/// All of it, or the words of the failure.
using Get = std::string (*)(const std::string& url, const Options& network);

std::string whole(const std::string& url, const Options& network) {
    const std::atomic<bool> never = false;
    const auto got = fetch({.place = url, .network = network}, never);
    return got ? std::string(got->begin(), got->end()) : got.error().message;
}

std::string pieces(const std::string& url, const Options& network) {
    HttpStream stream({.url = url, .network = network});
    if (const auto opened = stream.open(); !opened) return opened.error().message;
    std::string all;
    std::vector<std::uint8_t> bytes(7);
    for (;;) {
        const auto got = stream.read(bytes);
        if (!got) return got.error().message;
        if (*got == 0) return all;
        all.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*got));
    }
}

class FetchNetwork : public ::testing::TestWithParam<Get> {
protected:
    static std::string get(const std::string& url, const Options& network = {}) { return GetParam()(url, network); }
    static Options through(const HttpServer& proxy, const std::string& login = {}) {
        return {.proxy = "http://" + login + "127.0.0.1:" + std::to_string(proxy.port())};
    }
    /// Any address but the server's is that of a proxy that nobody has.
    void poisonEnvironment() {
        for (const auto* name : {"http_proxy", "https_proxy", "all_proxy"}) setenv(name, "http://127.0.0.1:1", 1);
    }
    void TearDown() override {
        for (const auto* name : {"http_proxy", "https_proxy", "all_proxy"}) unsetenv(name);
    }
    TempFolder folder_;
};

TEST_P(FetchNetwork, GoesThroughTheProxyAlsoWhereItIsRedirectedTo) {
    std::vector<std::string> asked;
    {
        const HttpServer proxy([&](const Exchange& way) {
            EXPECT_TRUE(way.head().starts_with("CONNECT ")) << way.head();
            asked.push_back(way.target());
            way.send("HTTP/1.1 200 OK\r\n\r\n");
            const auto request = way.next();
            EXPECT_EQ(request.head().find("Proxy-Authorization"), std::string::npos) << "the password is the proxy's alone";
            if (request.target() == "/a") return request.answer("302 Found", "", "Location: http://other.invalid:81/b\r\n");
            request.answer("200 OK", "hello");
        });
        EXPECT_EQ(get("http://media.invalid/a", through(proxy, "me:hunter2@")), "hello");
    }
    EXPECT_EQ(asked, (std::vector<std::string>{"media.invalid:80", "other.invalid:81"}));
}

TEST_P(FetchNetwork, TellsWhatTheProxySaysAndNoSecret) {
    const HttpServer proxy([](const Exchange& way) { way.answer("403 Go away hunter2", ""); });
    const auto said = get("http://media.invalid/a?token=secret", through(proxy, "me:hunter2@"));
    EXPECT_EQ(said, "the proxy http://127.0.0.1:" + std::to_string(proxy.port()) +
                        " made no connection to the server: HTTP 403 Go away ***");
    EXPECT_EQ(get("https://media.invalid/a", through(proxy)), "the proxy http://127.0.0.1:" + std::to_string(proxy.port()) +
                                                                  " made no connection to the server: HTTP 403 Go away hunter2");
}

TEST_P(FetchNetwork, TellsThatTheProxyHungUpAndThatItIsNotThere) {
    int port = 0;
    {
        const HttpServer proxy([](const Exchange&) {});
        port = proxy.port();
        expectHolds(get("http://media.invalid/a", through(proxy)), "closed the connection instead of answering");
    }
    for (const std::string scheme : {"http", "socks5h"}) {
        const auto address = scheme + "://127.0.0.1:" + std::to_string(port);
        expectHolds(get("http://media.invalid/a", {.proxy = address}), "can't connect to the proxy " + address);
    }
}

TEST_P(FetchNetwork, TellsTheServersRefusalAsItsOwnThroughAProxyToo) {
    const HttpServer proxy([](const Exchange& way) {
        way.send("HTTP/1.1 200 OK\r\n\r\n");
        way.next().answer("404 Not Found", "");
    });
    EXPECT_EQ(get("http://media.invalid/a", through(proxy)), "the server answers with status 404: must be 200");
}

TEST_P(FetchNetwork, FollowsNoProxyOfTheEnvironmentAndNoExceptionFromIt) {
    poisonEnvironment();
    const HttpServer server([](const Exchange& e) { e.answer("200 OK", "hello"); });
    EXPECT_EQ(get(server.url("/a")), "hello");
    setenv("no_proxy", "*", 1);
    const HttpServer proxy([](const Exchange& way) { way.answer("403 No", ""); });
    expectHolds(get(server.url("/a"), through(proxy)), "HTTP 403 No");
    unsetenv("no_proxy");
}

TEST_P(FetchNetwork, GoesOutByTheInterface) {
    const HttpServer server([](const Exchange& e) { e.answer("200 OK", e.client()); });
    EXPECT_EQ(get(server.url("/a"), {.networkInterface = "127.0.0.7"}), "127.0.0.7");
    EXPECT_EQ(get(server.url("/a"), {.networkInterface = "lo"}), "127.0.0.1");
    for (const auto* wrong : {"wlan77", "192.0.2.7"})
        expectHolds(get(server.url("/a"), {.networkInterface = wrong}), std::string("networkInterface \"") + wrong + "\"");
}

TEST_P(FetchNetwork, TrustsTheCertificatesThatAreNamedAndTellsWhatIsMissing) {
    const SelfSigned identity({127, 0, 0, 1});
    const auto trusted = folder_.write("ca.pem", identity.pem());
    const TlsServer server(identity, "hello");
    EXPECT_EQ(get(server.url("/a"), {.caFile = trusted}), "hello");
    const auto refused = get(server.url("/a?token=secret"));
    expectHolds(refused, "TLS: ");
    expectHolds(refused, "; its authority is not among those trusted: name it by caFile");
    EXPECT_EQ(refused.find("secret"), std::string::npos) << refused;
    expectHolds(get(server.url("/a"), {.caFile = folder_.file("none.pem")}), "caFile \"" + folder_.file("none.pem") + "\": ");
    expectHolds(get(server.url("/a"), {.caFile = folder_.write("text.pem", "no certificate")}), "must be PEM");
}

TEST_P(FetchNetwork, MissesAMissingCaFileOnlyWhereItComesToTls) {
    const SelfSigned identity({127, 0, 0, 1});
    const TlsServer secure(identity, "hello");
    const HttpServer server([&](const Exchange& e) {
        if (e.target() == "/plain") return e.answer("200 OK", "plain");
        e.answer("302 Found", "", "Location: " + secure.url("/") + "\r\n");
    });
    const Options missing{.caFile = folder_.file("none.pem")};
    EXPECT_EQ(get(server.url("/plain"), missing), "plain");
    expectHolds(get(server.url("/secure"), missing), "TLS: ");
    EXPECT_EQ(get(server.url("/secure"), {.caFile = folder_.write("ca.pem", identity.pem())}), "hello");
}

INSTANTIATE_TEST_SUITE_P(, FetchNetwork, testing::Values(whole, pieces),
                         [](const auto& test) { return test.param == whole ? "Whole" : "Pieces"; });

}  // namespace
}  // namespace livepusher::capture
