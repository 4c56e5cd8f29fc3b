// SPDX-License-Identifier: MIT
#include "base/loaded_library.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <latch>
#include <thread>
#include <vector>

extern "C" double livepusherNoSuchFunction(double);

namespace livepusher::base {
namespace {

struct Mathematics {
#define LIVEPUSHER_TEST_MATHEMATICS(X) X(tgammal) X(lgammal)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_TEST_MATHEMATICS)
};
struct Nothing {
#define LIVEPUSHER_TEST_NOTHING(X) X(tgammal) X(livepusherNoSuchFunction)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_TEST_NOTHING)
};

TEST(LoadedLibrary, GivesItsFunctions) {
    const LoadedLibrary<Mathematics> library({"libm.so.6"});
    EXPECT_EQ(library.missing(), "");
    EXPECT_TRUE(library.check("sums need"));
    EXPECT_DOUBLE_EQ(static_cast<double>(library->tgammal(5)), 24);
}

TEST(LoadedLibrary, SaysWhichLibraryIsNotThereAndWhichPackageHasIt) {
    const LoadedLibrary<Mathematics> library({"libnosuch.so.7"});
    EXPECT_EQ(library->tgammal, nullptr);
    EXPECT_EQ(library.missing(), "libnosuch.so.7: cannot open shared object file: No such file or directory");
    EXPECT_EQ(library.check("sums need").error().code, Code::NotAvailable);
    EXPECT_EQ(library.check("sums need").error().message, "sums need libnosuch.so.7 (" + library.missing() + ")");
    EXPECT_EQ(library.check("sums need", "libnosuch7").error().message,
              "sums need libnosuch.so.7: apt-get install libnosuch7 (" + library.missing() + ")");
}

TEST(LoadedLibrary, SaysWhichFunctionItsLibraryDoesNotHave) {
    const LoadedLibrary<Nothing> library({"libm.so.6"});
    EXPECT_NE(library->tgammal, nullptr);
    EXPECT_EQ(library->livepusherNoSuchFunction, nullptr);
    EXPECT_NE(library.missing().find("libm.so.6: undefined symbol: livepusherNoSuchFunction"), std::string::npos)
        << library.missing();
}

TEST(LoadedLibrary, FindsEachFunctionInWhicheverOfSeveralHasIt) {
    const LoadedLibrary<Mathematics> library({"libpthread.so.0", "libm.so.6"});
    EXPECT_EQ(library.missing(), "");
    EXPECT_NE(library->lgammal, nullptr);
    const LoadedLibrary<Mathematics> second({"libm.so.6", "libnosuch.so.7", "libnosuch.so.8"});
    EXPECT_NE(second->lgammal, nullptr);
    EXPECT_EQ(second.missing().find("libnosuch.so.7: "), 0U) << second.missing();
}

/// The first use of a table may come from any thread, of several at once; the sanitizers look on.
TEST(LoadedLibrary, IsLoadedOnceByManyThreadsAtOnce) {
    constexpr int kThreads = 8, kRounds = 200;
    static std::atomic<int> made{0};
    struct Counted : LoadedLibrary<Mathematics> {
        Counted() : LoadedLibrary({"libm.so.6"}) { ++made; }
    };
    const auto shared = []() -> const auto& {
        static const Counted loaded;
        return loaded;
    };
    std::latch together(kThreads);
    std::atomic<int> good{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kThreads; ++i)
            threads.emplace_back([&] {
                together.arrive_and_wait();
                good += shared().check("sums need") && shared()->tgammal(5) == 24;
                for (int n = 0; n < kRounds; ++n) {
                    const LoadedLibrary<Mathematics> own({n % 2 == 0 ? "libm.so.6" : "libnosuch.so.7"});
                    good += own.missing().empty() == (n % 2 == 0);
                }
            });
    }
    EXPECT_EQ(made, 1);
    EXPECT_EQ(good, kThreads * (kRounds + 1));
}

}  // namespace
}  // namespace livepusher::base
