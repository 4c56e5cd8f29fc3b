// SPDX-License-Identifier: MIT
#include "base/thread.hpp"

#include <gtest/gtest.h>

#include <future>
#include <new>
#include <stdexcept>

namespace livepusher::base {
namespace {

Error thrownBy(void (*body)()) {
    std::promise<Error> told;
    auto thread = startThread("test", body, [&](const Error& error) { told.set_value(error); });
    EXPECT_TRUE(thread);
    thread->join();
    return told.get_future().get();
}

TEST(Thread, TellsWhatItsBodyThrows) {
    EXPECT_EQ(thrownBy([] { throw std::bad_alloc(); }).message, "out of memory");
    EXPECT_EQ(thrownBy([] { throw std::runtime_error("a defect"); }).message, "a defect");
    EXPECT_EQ(thrownBy([] { throw std::bad_alloc(); }).code, Code::InternalFailure);
}

TEST(Thread, EndsAloneWhereNotEvenThatCanBeTold) {
    bool told = false;
    auto thread = startThread(
        "test", [] { throw std::bad_alloc(); },
        [&](const Error&) {
            told = true;
            throw std::bad_alloc();
        });
    ASSERT_TRUE(thread);
    thread->join();
    EXPECT_TRUE(told);
}

}  // namespace
}  // namespace livepusher::base
