// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace livepusher::rtmp {

/// Encodes AMF0 values one after another. Strings are at most 65535 bytes.
class AmfWriter {
public:
    AmfWriter& number(double value);
    AmfWriter& boolean(bool value);
    AmfWriter& string(std::string_view value);
    AmfWriter& null();

    /// Named members follow, then endObject().
    AmfWriter& beginObject();
    AmfWriter& beginEcmaArray(std::uint32_t count);
    AmfWriter& endObject();
    AmfWriter& beginStrictArray(std::uint32_t count);  ///< so many values follow
    AmfWriter& member(std::string_view name, double value) { return key(name).number(value); }
    AmfWriter& member(std::string_view name, std::string_view value) { return key(name).string(value); }
    AmfWriter& key(std::string_view name);  ///< its value follows
    AmfWriter& flag(std::string_view name, bool value) { return key(name).boolean(value); }

    const std::vector<std::uint8_t>& bytes() const { return bytes_; }

private:
    template <typename Encode>
    AmfWriter& append(std::size_t room, Encode encode);

    std::vector<std::uint8_t> bytes_;
};

}  // namespace livepusher::rtmp
