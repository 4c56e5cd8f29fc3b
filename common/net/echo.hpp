// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace livepusher::rtmp {

/// Finds secrets in what a server says, however it says them: as they are, percent-encoded or decoded, in another case, in
/// parts (what stands before and in the query) or cut.
class EchoHider {
public:
    explicit EchoHider(std::string text);

    void hide(std::string_view secret);

    /// With "***" in place of all that was found.
    std::string text() const;

private:
    void hideWhole(std::string_view part);
    void hideCut(std::string_view secret);
    void mark(std::size_t at, std::size_t size);
    bool partOfWord(std::size_t at) const;

    std::string text_;
    std::string plain_;              ///< text_ decoded, in lower case
    std::vector<std::size_t> from_;  ///< of each byte of plain_, and of its end: where it begins in text_
    std::vector<bool> hidden_;       ///< bytes of text_
};

}  // namespace livepusher::rtmp
