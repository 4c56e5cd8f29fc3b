// SPDX-License-Identifier: MIT
#include "net/way_out.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace livepusher::rtmp {
namespace {

const LocalAddress kLoopback{"lo", "127.0.0.1", true};
const LocalAddress kWired{"eth0", "10.0.0.2", true};
const LocalAddress kUnplugged{"eth0", "10.0.0.2", false};
const LocalAddress kRadio{"wlan0", "10.1.0.2", true};

TEST(WayOut, TellsAnAddressOrAnInterfaceThatIsGone) {
    const WayOut way("10.0.0.2", {kLoopback, kWired, kRadio});
    EXPECT_FALSE(way.gone({kLoopback, kWired, kRadio}));
    EXPECT_FALSE(way.gone({kLoopback, kWired})) << "not its own";
    EXPECT_EQ(way.gone({kLoopback, kRadio}), "the address 10.0.0.2 is gone, which the connection went out from");
    EXPECT_EQ(way.gone({kLoopback, kUnplugged, kRadio}), "the interface eth0 is down, which the connection went out by");
    EXPECT_FALSE(way.gone({kUnplugged, {"eth1", "10.0.0.2", true}})) << "it has moved";
    EXPECT_FALSE(way.gone({})) << "nobody knows";
}

TEST(WayOut, SaysNothingOfAnAddressThatWasNeverThereOrNeverRan) {
    EXPECT_FALSE(WayOut("10.9.9.9", {kLoopback, kWired}).gone({kLoopback}));
    EXPECT_FALSE(WayOut("10.0.0.2", {kLoopback, kUnplugged}).gone({kLoopback}));
    EXPECT_FALSE(WayOut("", {kLoopback}).gone({kLoopback}));
    EXPECT_FALSE(WayOut().gone({kLoopback}));
}

TEST(WayOut, FindsThisMachinesOwnAddresses) {
    const auto all = localAddresses();
    const auto loopback = std::ranges::find(all, "127.0.0.1", &LocalAddress::address);
    ASSERT_NE(loopback, all.end());
    EXPECT_TRUE(loopback->runs);
    EXPECT_EQ(localAddressOf(-1), "");
}

}  // namespace
}  // namespace livepusher::rtmp
