// SPDX-License-Identifier: MIT
#include "base/loaded_pages.hpp"

#include <gtest/gtest.h>

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <thread>

namespace livepusher::base {
namespace {

TEST(LoadedPages, AreGivenBackAndReadAgain) {
    if (access("/proc/self/pagemap", R_OK) != 0) GTEST_SKIP() << "no /proc/self/pagemap here";
    // Other threads go on in the very code that is let go.
    std::jthread beside([](const std::stop_token& stop) {
        volatile double sum = 0;
        while (!stop.stop_requested()) sum = sum + std::sin(sum + 1);
    });
    EXPECT_GT(releaseLoadedPages(), 1'000'000U);
    EXPECT_GT(releaseLoadedPages(), 1'000'000U);
    EXPECT_DOUBLE_EQ(std::cos(0.0), 1.0);
}

// Code is no memory that the thread sanitizer keeps a record of.
[[gnu::no_sanitize_thread]] std::uint8_t byteAt(const volatile std::uint8_t* code) { return *code; }
[[gnu::no_sanitize_thread]] void setByte(volatile std::uint8_t* code, std::uint8_t to) { *code = to; }

// As a debugger's breakpoint or a tracer's hook would be.
TEST(LoadedPages, KeepWhatWasWrittenIntoCode) {
    void* library = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr);
    auto* code = static_cast<std::uint8_t*>(dlsym(library, "tgammal"));
    ASSERT_NE(code, nullptr);
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    auto* const begin = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(code) / page * page);
    ASSERT_EQ(mprotect(begin, page, PROT_READ | PROT_WRITE | PROT_EXEC), 0);
    const auto before = byteAt(code);
    setByte(code, 0xCC);
    ASSERT_EQ(mprotect(begin, page, PROT_READ | PROT_EXEC), 0);
    releaseLoadedPages();
    EXPECT_EQ(byteAt(code), 0xCC);
    ASSERT_EQ(mprotect(begin, page, PROT_READ | PROT_WRITE | PROT_EXEC), 0);
    setByte(code, before);
    ASSERT_EQ(mprotect(begin, page, PROT_READ | PROT_EXEC), 0);
    dlclose(library);
}

}  // namespace
}  // namespace livepusher::base
