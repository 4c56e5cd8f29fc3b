// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "flv/flv.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace livepusher::rtmp {

/// Takes a stream of FLV (Adobe FLV 10.1 §E.2 to E.4) apart: bytes in, in any portions, tags out. What is not FLV is an error,
/// and nothing is looked for behind it. Holds one tag of at most 8 MiB, as far as it has come. No I/O, one thread.
class FlvReader {
public:
    static constexpr std::size_t kMostTag = std::size_t{8} << 20U;
    static constexpr std::size_t kMostHeader = 65'536;

    /// The body lives as long as the call. `timestamp`: ms, modulo 2^32.
    using Sink = std::function<void(FlvTagType type, std::uint32_t timestamp, std::span<const std::uint8_t> body)>;

    explicit FlvReader(Sink sink) : sink_(std::move(sink)) {}

    /// Error: TransferFailed, which stays.
    Result<void> feed(std::span<const std::uint8_t> bytes);
    bool begun() const { return part_ > Part::Signature; }  ///< it is FLV so far
    /// Whether the stream may end here. Error: TransferFailed, it ends within a tag or before the first.
    Result<void> end() const;

private:
    enum class Part { Signature, HeaderRest, FirstSize, Head, Body, Size };

    bool gather(std::size_t count);
    bool step();
    bool takeSignature();
    bool takeHead();
    bool takeBody();
    bool takeSize();
    void giveTag(std::span<const std::uint8_t> body);
    bool fail(const char* what);

    Sink sink_;
    Part part_ = Part::Signature;
    std::span<const std::uint8_t> input_;
    std::array<std::uint8_t, 11> fixed_{};  ///< what has a size of its own, as far as it has come
    std::size_t have_ = 0;
    std::size_t left_ = 0;  ///< of the header or the body
    FlvTagType type_{};
    std::uint32_t timestamp_ = 0;
    std::size_t size_ = 0;  ///< of the tag's body
    std::vector<std::uint8_t> body_;
    Result<void> failed_;
};

}  // namespace livepusher::rtmp
