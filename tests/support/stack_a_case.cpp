// SPDX-License-Identifier: MIT
// main() of test programs under the thread sanitizer. Several cases of a suite share a process there too, as starting one takes
// longer than most of them; but the sanitizer takes a mutex for another that was at the same place of the stack before, in
// another case, as std::mutex tells nobody of its end. So each case has a stack of its own, which is unmapped behind it: with the
// memory the sanitizer forgets the mutexes that were in it.
#include <gtest/gtest.h>

#include <pthread.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdio>
#include <sstream>
#include <string>

namespace {

constexpr std::size_t kStack = std::size_t{8} << 20U;  // as a first thread has

void* runAll(void*) {
    static int failed = 0;
    failed = RUN_ALL_TESTS();
    return &failed;
}

/// False when there is no stack or no thread to be had.
bool runOnItsOwnStack(int& failed) {
    auto* stack = mmap(nullptr, kStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED) return false;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_t thread{};
    void* result = nullptr;
    const bool ran = pthread_attr_setstack(&attributes, stack, kStack) == 0 &&
                     pthread_create(&thread, &attributes, runAll, nullptr) == 0 && pthread_join(thread, &result) == 0;
    pthread_attr_destroy(&attributes);
    munmap(stack, kStack);
    if (ran) failed |= *static_cast<int*>(result);
    return ran;
}

}  // namespace

int main(int argumentCount, char** arguments) {
    testing::InitGoogleTest(&argumentCount, arguments);
    const std::string filter = testing::GTEST_FLAG(filter);
    if (testing::GTEST_FLAG(list_tests) || filter.find_first_of("*?-") != std::string::npos) return RUN_ALL_TESTS();
    int failed = 0;
    std::istringstream cases(filter);
    for (std::string name; std::getline(cases, name, ':');) {
        testing::GTEST_FLAG(filter) = name;
        if (!runOnItsOwnStack(failed)) {
            std::perror("no thread for a case");
            return 2;
        }
    }
    return failed;
}
