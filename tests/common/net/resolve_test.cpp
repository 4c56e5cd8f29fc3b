// SPDX-License-Identifier: MIT
#include "net/resolve.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>

#include "base/event_fd.hpp"
#include "expect_holds.hpp"

namespace livepusher::rtmp {
namespace {

using namespace std::chrono_literals;

TEST(Resolve, TakesAnAddressAsItIs) {
    const base::EventFd cancel;
    for (const char* host : {"127.0.0.1", "::1"}) {
        SCOPED_TRACE(host);
        const auto found = resolve(host, 9000, 5s, cancel.fd());
        ASSERT_TRUE(found) << found.error().message;
        ASSERT_EQ(found->size(), 1U);
        EXPECT_EQ(found->front().text(), host);
        EXPECT_EQ(found->front().family(), std::string(host) == "::1" ? AF_INET6 : AF_INET);
        const auto* const port = reinterpret_cast<const sockaddr_in*>(found->front().get());  // at the same place in both
        EXPECT_EQ(ntohs(port->sin_port), 9000);
    }
}

TEST(Resolve, KnowsThisMachine) {
    const base::EventFd cancel;
    const auto found = resolve("localhost", 1, 5s, cancel.fd());
    ASSERT_TRUE(found) << found.error().message;
    for (const auto& address : *found) EXPECT_TRUE(address.text() == "127.0.0.1" || address.text() == "::1") << address.text();
}

TEST(Resolve, SaysWhichNameHasNoAddress) {
    const base::EventFd cancel;
    const auto found = resolve("no-such-host.invalid", 1, 5s, cancel.fd());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Code::DnsFailed);
    capture::expectHolds(found.error().message, "can't resolve no-such-host.invalid: check the host name and the network");
}

TEST(Resolve, EndsAtOnceWhenItIsCancelled) {
    const base::EventFd cancel;
    cancel.signal();
    const auto found = resolve("no-such-host.invalid", 1, 1h, cancel.fd());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Code::Cancelled);
}

}  // namespace
}  // namespace livepusher::rtmp
