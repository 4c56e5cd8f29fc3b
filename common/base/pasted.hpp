// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace livepusher::base {

/// What a copied text means: without the blanks, line ends, byte order marks and other characters that don't show around it,
/// and without the quotes that it stands in.
std::string_view withoutWrapping(std::string_view text);

/// What copying leaves in a text and nobody means, in words: "a no-break space (U+00A0)", "a line end", a quote at one end. Plain
/// blanks inside are meant. Empty: nothing of the kind.
std::string strayCharacter(std::string_view text);

}  // namespace livepusher::base
