// SPDX-License-Identifier: MIT
#include "base/pasted.hpp"

#include <gtest/gtest.h>

namespace livepusher::base {
namespace {

TEST(Pasted, TakesOffWhatCopyingLeavesAroundAText) {
    for (const char* wrapped :
         {"key", " key ", "\tkey\r\n", "\n\nkey\n", "\xEF\xBB\xBFkey", "\xC2\xA0key\xC2\xA0", "\xE2\x80\x8Bkey\xE2\x80\x8B",
          "\xE3\x80\x80key", "key\xE2\x80\xA8", "\xE2\x80\xAAkey\xE2\x80\xAC", "\"key\"", "'key'", "`key`", " \" key \" ",
          "\xE2\x80\x9Ckey\xE2\x80\x9D", "\xE2\x80\x98key\xE2\x80\x99", "\xE2\x80\x9Ekey\xE2\x80\x9C", "\xC2\xABkey\xC2\xBB",
          "\xEF\xBB\xBF\"\xC2\xA0key\"\n"})
        EXPECT_EQ(withoutWrapping(wrapped), "key") << wrapped;
}

TEST(Pasted, LeavesWhatIsMeant) {
    for (const char* meant : {"", "a b", "a\"b", "\"key", "key'", "'key\"", "ключ", "流", "\xFFkey\xFE", "\xE2\x80", "k\xC3"})
        EXPECT_EQ(withoutWrapping(meant), meant);
    for (const char* nothing : {" ", "\"\"", "\" \"", "\xEF\xBB\xBF\n"}) EXPECT_EQ(withoutWrapping(nothing), "") << nothing;
}

TEST(Pasted, NamesWhatNobodyMeans) {
    const char* cases[][2] = {{"a\nb", "a line end"},
                              {"a\tb", "a tab"},
                              {"a\x1b[0m", "a control character"},
                              {"a\xC2\xA0z", "a no-break space (U+00A0)"},
                              {"a\xE2\x80\x8B"
                               "b",
                               "a zero-width space or joiner (U+200B)"},
                              {"a\xEF\xBB\xBF"
                               "b",
                               "a byte order mark (U+FEFF)"},
                              {"a\xC2\xAD-b", "a soft hyphen (U+00AD)"},
                              {"a\xE3\x80\x80z", "a wide or narrow space (U+3000)"},
                              {"a\xE2\x80\xAEz", "a mark of the writing direction (U+202E)"},
                              {"\"key", "a quote at one end"},
                              {"\"key\",", "a quote at one end"},
                              {"key?a=\"b\"", ""},
                              {"key\xE2\x80\x9D", "a quote at one end"},
                              {"a b?c/d=\"e\"&f", ""},
                              {"a\xFF", ""},
                              {"ключ 流", ""},
                              {"", ""}};
    for (const auto& [text, name] : cases) EXPECT_EQ(strayCharacter(text), name) << text;
    EXPECT_EQ(strayCharacter(std::string_view("a\0b", 3)), "a NUL character");
}

}  // namespace
}  // namespace livepusher::base
