// SPDX-License-Identifier: MIT
// Numbers and names are the same whatever locale the application has set.
#include "base/ascii.hpp"
#include "base/number_text.hpp"
#include "base/plain_locale.hpp"
#include "comma_locale.hpp"
#include "pipeline/view.hpp"

#include <livepusher/json.hpp>
#include <livepusher/properties.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace livepusher::testing {

TEST(NumberText, IsShortAndHasAPoint) {
    EXPECT_EQ(base::decimalText(0.5, 1), "0.5");
    EXPECT_EQ(base::decimalText(12, 1), "12.0");
    EXPECT_EQ(base::decimalText(-1.0 / 3, 3), "-0.333");
    EXPECT_EQ(base::decimalText(std::numeric_limits<double>::max(), 0).size(), 309U);
    EXPECT_EQ(base::shortText(2), "2");
    EXPECT_EQ(base::shortText(1.5), "1.5");
    EXPECT_EQ(base::shortText(1.0 / 3), "0.3333");
}

TEST(Ascii, LettersAreThoseOfProtocols) {
    EXPECT_EQ(base::lower("FILE:I\xC3\x84"), "file:i\xC3\x84") << "nothing beyond ASCII is touched";
    EXPECT_TRUE(base::isLetterOrDigit('z') && base::isLetterOrDigit('0'));
    EXPECT_FALSE(base::isLetterOrDigit('_') || base::isLetterOrDigit('\xC4'));
}

// One case, as to make the locale takes seconds.
TEST(Locale, ACommaInTheApplicationsChangesNoNumber) {
    const CommaLocale comma;
    if (!comma.isThere()) GTEST_SKIP() << "de_DE.UTF-8 can't be made here: needs localedef and the package locales";
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%.1f", 0.5);
    ASSERT_STREQ(text.data(), "0,5") << "the locale is none with a comma";

    EXPECT_EQ(base::decimalText(0.5, 1), "0.5");
    NetStatusEvent event;
    event.info.videoFPS = 29.5;
    event.info.videoGOP = 2.5;
    EXPECT_EQ(pipeline::statisticsText(State::Pushing, event.info).at(1), "fps 29.5  gop 2.5 s");

    Properties p;
    ASSERT_TRUE(setProperty(p, "insetWidth", "0.25"));
    EXPECT_EQ(p.insetWidth, 0.25);
    EXPECT_EQ(*formatProperty(p, "insetWidth"), "0.25");
    EXPECT_FALSE(setProperty(p, "insetWidth", "0,25"));
    EXPECT_EQ(propertyTexts(R"({"insetWidth": 0.5})")->at(0).second, "0.5");
    EXPECT_NE(toJson(event).find("29.5"), std::string::npos) << toJson(event);

    EXPECT_EQ(std::strtod("1.5", nullptr), 1) << "as libav would read it";
    {
        const base::PlainLocale plain;
        EXPECT_EQ(std::strtod("1.5", nullptr), 1.5);
    }
    EXPECT_EQ(std::strtod("1,5", nullptr), 1.5) << "and the application's thread has its own again";
}

}  // namespace livepusher::testing
