// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace livepusher::rtmp {

/// One decoded AMF0 value (AMF0 specification, December 2007). Dates are numbers, XML is a string, ECMA arrays
/// and typed objects are objects, references are null.
struct AmfValue {
    enum class Type { Number, Boolean, String, Object, Null, Array };
    Type type = Type::Null;
    std::string name;   ///< as a member of an Object
    double number = 0;  ///< of a Number; 1 or 0 of a Boolean
    std::string string;
    std::vector<AmfValue> members;  ///< of an Object or an Array

    /// A String member of an Object; empty when there is none.
    std::string_view text(std::string_view key) const;
};

/// Decodes what a server sends, never past the end, never deeper than 8, never more than 512 values
/// for a message, whatever the bytes.
class AmfReader {
public:
    explicit AmfReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    bool atEnd() const { return at_ == bytes_.size(); }

    /// The next value; nothing at the end, and for ever after the first malformed one.
    std::optional<AmfValue> next();

private:
    bool read(AmfValue& value, int depth);
    bool readMembers(AmfValue& value, int depth);
    bool readString(std::size_t lengthBytes, std::string& out);
    bool readNumber(std::size_t bytes, std::uint64_t& out);

    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
    int values_ = 0;
};

}  // namespace livepusher::rtmp
