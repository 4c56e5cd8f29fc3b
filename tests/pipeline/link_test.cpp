// SPDX-License-Identifier: MIT
#include "fakes.hpp"

#include <gtest/gtest.h>

namespace livepusher::testing {

/// What -1307 says when the one and only connection fails with `error` under that policy.
std::string givenUp(const char* reconnect, const Error& error) {
    Scene scene;
    scene.onOpen = [error](int, const std::atomic<bool>&) -> Result<void> { return error; };
    Properties properties = pushing();
    properties.reconnect = reconnect;
    auto with = options(scene, properties);
    with.handlers.onStateChange = [&scene](const StateChangeEvent& e) {
        if (e.code == static_cast<int>(Code::ConnectionGivenUp)) scene.journal.note(e.message);
    };
    std::string said;
    {
        LivePusherContext context(std::move(with), fakeStages(scene));
        context.start(noting(scene, "start"));
        EXPECT_TRUE(scene.journal.await("start:complete"));
    }
    for (const auto& entry : scene.journal.all())
        if (entry.ends_with(error.message)) said += entry;
    return said;
}

TEST(Link, SaysWhyItIsNotTriedAgain) {
    const Error refused{Code::TcpFailed, "refused"};
    EXPECT_EQ(givenUp("1x0.1", refused), "all attempts used up: refused");
    EXPECT_EQ(givenUp("off", refused), "not tried again, reconnect is off: refused");
    EXPECT_EQ(givenUp("5x1", {Code::ServerClosed, "no such key", 0, true}), "not tried again: no such key");
}

}  // namespace livepusher::testing
