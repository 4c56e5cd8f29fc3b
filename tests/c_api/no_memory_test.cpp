// SPDX-License-Identifier: MIT
// An allocation that fails, any one of them, comes out of the C API as InternalFailure, and all is as before.
#include <livepusher/livepusher.h>
#include <livepusher/livepusher_player.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <utility>

namespace {
thread_local int failing = -1;  // which of the next allocations fails; negative: none
}

// The whole program's; only this thread's allocations ever fail.
void* operator new(std::size_t size) {
    if (failing >= 0 && failing-- == 0) throw std::bad_alloc();
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

/// Every allocation of the call fails once, up to `limit`: what destroys a JSON value in the end can't fail (nlohmann's
/// destructor may allocate). How many did.
template <typename Call>
int refusals(Call call, int limit = 1000) {
    for (int which = 0; which < limit; ++which) {
        failing = which;
        const int code = call();
        const bool failed = failing < 0;
        failing = -1;
        if (!failed) return code == 0 ? which : -1;
        EXPECT_EQ(code, LIVEPUSHER_CODE_InternalFailure) << which;
        EXPECT_STREQ(livepusher_last_error(), "out of memory");
    }
    return limit;
}

constexpr int kBeforeTheEnd = 4;

}  // namespace

TEST(NoMemory, EveryEntryRefusesAndLeavesNothingBehind) {
    livepusher_t* pusher = livepusher_create(R"({"source":"none"})", nullptr, nullptr, nullptr);
    ASSERT_NE(pusher, nullptr);
    char* text = nullptr;
    EXPECT_EQ(refusals([&] { return livepusher_get_properties(pusher, &text); }, kBeforeTheEnd), kBeforeTheEnd);
    EXPECT_EQ(refusals([&] { return livepusher_get_net_status(pusher, &text); }, kBeforeTheEnd), kBeforeTheEnd);
    EXPECT_EQ(refusals([&] { return livepusher_resolve(pusher, &text); }, kBeforeTheEnd), kBeforeTheEnd);
    EXPECT_EQ(refusals([&] { return livepusher_describe_properties(&text); }, kBeforeTheEnd), kBeforeTheEnd);
    EXPECT_EQ(refusals([&] { return livepusher_resolve_properties(R"({"fps":20})", &text); }, kBeforeTheEnd), kBeforeTheEnd);
    EXPECT_EQ(refusals([&] { return livepusher_call(pusher, "stop", R"({"a":1})", nullptr, nullptr); }, kBeforeTheEnd),
              kBeforeTheEnd);
    EXPECT_EQ(refusals([&] { return livepusher_set_properties(pusher, R"({"url":"a-longer-name.flv"})", nullptr, nullptr); },
                       kBeforeTheEnd),
              kBeforeTheEnd);
    EXPECT_EQ(text, nullptr);
    EXPECT_GT(refusals([&] {
                  return livepusher_pause(
                      pusher, [](auto*, auto, auto*, auto*, auto*) {}, nullptr);
              }),
              0);
    EXPECT_GT(refusals([&] {
                  return livepusher_set_property(pusher, "caFile", "/a/longer/name/than/a/string/holds.pem", nullptr, nullptr);
              }),
              0);
    EXPECT_GT(refusals([&] { return livepusher_send_message(pusher, "more than a short string holds", nullptr, nullptr); }), 0);
    EXPECT_EQ(livepusher_destroy(pusher), 0);
}

TEST(NoMemory, EveryEntryOfAPlayerRefusesAndLeavesNothingBehind) {
    livepusher_player_t* player = livepusher_player_create(nullptr, nullptr, nullptr, nullptr);
    ASSERT_NE(player, nullptr);
    char* text = nullptr;
    const auto refused = [&](auto call) { EXPECT_EQ(refusals(call, kBeforeTheEnd), kBeforeTheEnd); };
    refused([&] { return livepusher_player_get_properties(player, &text); });
    refused([&] { return livepusher_player_get_net_status(player, &text); });
    refused([&] { return livepusher_player_describe_properties(&text); });
    refused([&] { return livepusher_player_call(player, "stop", R"({"a":1})", nullptr, nullptr); });
    refused([&] { return livepusher_player_set_properties(player, R"({"url":"a-longer-name.flv"})", nullptr, nullptr); });
    EXPECT_EQ(text, nullptr);
    EXPECT_GT(refusals([&] { return livepusher_player_set_property(player, "src", "a-much-longer-name.flv", nullptr, nullptr); }),
              0);
    EXPECT_GT(refusals([&] {
                  return livepusher_player_stop(
                      player, 0, [](auto*, auto, auto*, auto*, auto*) {}, nullptr);
              }),
              0);
    EXPECT_EQ(livepusher_player_destroy(player), 0);
}

TEST(NoMemory, APlayerThatCantBeMadeIsNotMade) {
    const int failed = refusals([] {
        livepusher_player_t* player = livepusher_player_create(nullptr, nullptr, nullptr, nullptr);
        if (!player) return static_cast<int>(LIVEPUSHER_CODE_InternalFailure);
        const int left = std::exchange(failing, -1);  // that was the call; destroying may have all it wants
        livepusher_player_destroy(player);
        failing = left;
        return 0;
    });
    EXPECT_GT(failed, 10);
}

TEST(NoMemory, APusherThatCantBeMadeIsNotMade) {
    const int failed = refusals([] {
        livepusher_t* pusher = livepusher_create(nullptr, nullptr, nullptr, nullptr);
        if (!pusher) return static_cast<int>(LIVEPUSHER_CODE_InternalFailure);
        const int left = std::exchange(failing, -1);  // that was the call; destroying may have all it wants
        livepusher_destroy(pusher);
        failing = left;
        return 0;
    });
    EXPECT_GT(failed, 10);
}
