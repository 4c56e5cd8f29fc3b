// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

extern "C" {
#include <libavutil/aes.h>
#include <libavutil/mem.h>
}

namespace livepusher::capture {

/// A piece of an encrypted HLS list, made readable while it is read: AES-128 in CBC mode, padded at its end (RFC 8216
/// §4.3.2.4, RFC 5652 §6.3). Belongs to one thread.
class Decryption {
public:
    /// Reads at most so many bytes: their number, or an AVERROR.
    using Source = std::function<int(std::uint8_t*, int)>;

    /// `key` and `iv` in hexadecimal digits, as libav's demuxer hands them out. Empty: they are none.
    static std::optional<Decryption> make(std::string_view key, std::string_view iv);

    /// As Source, of what `source` gives.
    int read(std::uint8_t* data, int size, const Source& source);

private:
    static constexpr std::size_t kBlock = 16;
    using Block = std::array<std::uint8_t, kBlock>;
    struct Free {
        void operator()(AVAES* aes) const { av_free(aes); }
    };
    static std::optional<Block> parse(std::string_view digits);
    int fill(const Source& source);

    std::unique_ptr<AVAES, Free> aes_;
    Block iv_{};
    std::vector<std::uint8_t> coded_;  ///< not yet whole blocks, and the last whole one: it may be the end's padding
    std::vector<std::uint8_t> clear_;
    std::size_t used_ = 0;  ///< of clear_
    bool ended_ = false;
};

}  // namespace livepusher::capture
