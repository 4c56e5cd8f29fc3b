// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace livepusher::base {

/// The bits of a NAL unit's payload, first bit first; past the end they are zeros and overrun() tells. Emulation
/// prevention bytes are passed over (ITU-T H.264 §7.3.1, H.265 §7.3.1.1).
class BitReader {
public:
    explicit BitReader(std::span<const std::uint8_t> payload) : data_(payload) {}

    std::uint32_t bit() {
        if (left_ == 0 && !load()) return 0;
        --left_;
        return (byte_ >> left_) & 1U;
    }
    bool flag() { return bit() != 0; }
    std::uint32_t bits(int count) {  ///< at most 32
        std::uint32_t value = 0;
        for (; count > 0; --count) value = value << 1U | bit();
        return value;
    }
    void skip(int count) {
        for (; count > 0 && !overrun_; --count) bit();
    }
    std::uint32_t unsignedGolomb() {  ///< ue(v)
        int zeros = 0;
        while (!overrun_ && zeros < 32 && bit() == 0) ++zeros;
        if (zeros >= 32) overrun_ = true;
        return overrun_ ? 0 : (1U << static_cast<unsigned>(zeros)) - 1 + bits(zeros);
    }
    std::int32_t signedGolomb() {  ///< se(v)
        const auto code = unsignedGolomb();
        const auto half = static_cast<std::int32_t>(code / 2);
        return code % 2 == 1 ? half + 1 : -half;
    }
    /// More was read than there is, or a number was longer than numbers are.
    bool overrun() const { return overrun_; }

private:
    bool load() {
        if (zeros_ >= 2 && at_ < data_.size() && data_[at_] == 3) {
            ++at_;
            zeros_ = 0;
        }
        if (at_ >= data_.size()) {
            overrun_ = true;
            return false;
        }
        byte_ = data_[at_++];
        zeros_ = byte_ == 0 ? zeros_ + 1 : 0;
        left_ = 8;
        return true;
    }

    std::span<const std::uint8_t> data_;
    std::size_t at_ = 0;
    std::uint32_t byte_ = 0;
    unsigned left_ = 0;
    int zeros_ = 0;
    bool overrun_ = false;
};

}  // namespace livepusher::base
