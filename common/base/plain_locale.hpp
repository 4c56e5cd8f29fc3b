// SPDX-License-Identifier: MIT
#pragma once

#include <locale.h>
#include <clocale>

namespace livepusher::base {

/// While it lives, the calling thread alone reads and writes numbers as C does, whatever locale the application has set:
/// libav and the encoders take "0.5" apart by strtod(). Not for code that calls the application.
class PlainLocale {
public:
    PlainLocale() : before_(uselocale(plain())) {}
    ~PlainLocale() { uselocale(before_); }
    PlainLocale(const PlainLocale&) = delete;
    PlainLocale& operator=(const PlainLocale&) = delete;

private:
    /// Without memory for one: 0, by which uselocale() changes nothing.
    static locale_t plain() {
        static const locale_t made = newlocale(LC_ALL_MASK, "C", static_cast<locale_t>(nullptr));
        return made;
    }

    const locale_t before_;
};

}  // namespace livepusher::base
