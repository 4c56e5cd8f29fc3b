// SPDX-License-Identifier: MIT
#include "effects/builder.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>

namespace livepusher::effects {
namespace {

using namespace std::chrono_literals;
using Squares = Builder<int, int>;

std::shared_ptr<const int> square(int of) { return std::make_shared<int>(of * of); }

TEST(Builder, MakesItAndWaitsForIt) {
    Squares builder(square, std::nullopt);
    const auto made = builder.now(3);
    ASSERT_TRUE(made);
    EXPECT_EQ(**made, 9);
    EXPECT_FALSE(builder.done());
}

TEST(Builder, GivesUpAnOrderThatHangsAndMakesTheNextOnAnotherThread) {
    std::promise<void> release;
    const auto over = std::make_shared<std::promise<void>>();
    auto left = over->get_future();
    {
        Squares builder(
            [released = release.get_future().share(), over](int of) {
                if (of == 0) {
                    released.wait();
                    over->set_value();
                }
                return square(of);
            },
            10ms);
        EXPECT_FALSE(builder.now(0));
        EXPECT_FALSE(builder.done());
        builder.order(2);
        std::optional<std::shared_ptr<const int>> made;
        while (!(made = builder.done())) std::this_thread::yield();
        EXPECT_EQ(**made, 4);
    }
    release.set_value();
    EXPECT_EQ(left.wait_for(60s), std::future_status::ready);
}

}  // namespace
}  // namespace livepusher::effects
