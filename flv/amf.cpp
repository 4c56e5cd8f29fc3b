// SPDX-License-Identifier: MIT
#include "flv/amf.hpp"

#include "base/big_endian.hpp"

#include <bit>
#include <utility>

namespace livepusher::rtmp {

namespace {

constexpr int kMaxDepth = 8;
constexpr int kMaxValues = 512;

enum Marker : std::uint8_t {
    kNumber = 0,
    kBoolean = 1,
    kString = 2,
    kObject = 3,
    kNull = 5,
    kUndefined = 6,
    kReference = 7,
    kEcmaArray = 8,
    kObjectEnd = 9,
    kStrictArray = 10,
    kDate = 11,
    kLongString = 12,
    kUnsupported = 13,
    kXml = 15,
    kTypedObject = 16,
};

}  // namespace

std::string_view AmfValue::text(std::string_view key) const {
    for (const auto& member : members)
        if (member.name == key && member.type == Type::String) return member.string;
    return {};
}

std::optional<AmfValue> AmfReader::next() {
    AmfValue value;
    if (!atEnd() && read(value, 1)) return value;
    at_ = bytes_.size();
    return std::nullopt;
}

bool AmfReader::readNumber(std::size_t bytes, std::uint64_t& out) {
    if (bytes_.size() - at_ < bytes) return false;
    out = base::readBig(bytes_.subspan(at_, bytes));
    at_ += bytes;
    return true;
}

bool AmfReader::readString(std::size_t lengthBytes, std::string& out) {
    std::uint64_t length = 0;
    if (!readNumber(lengthBytes, length) || length > bytes_.size() - at_) return false;
    const auto part = bytes_.subspan(at_, static_cast<std::size_t>(length));
    out.assign(part.begin(), part.end());
    at_ += part.size();
    return true;
}

bool AmfReader::readMembers(AmfValue& value, int depth) {
    value.type = AmfValue::Type::Object;
    for (;;) {
        std::string name;
        if (!readString(2, name)) return false;
        if (name.empty() && at_ < bytes_.size() && bytes_[at_] == kObjectEnd) {
            ++at_;
            return true;
        }
        AmfValue member;
        if (!read(member, depth + 1)) return false;
        member.name = std::move(name);
        value.members.push_back(std::move(member));
    }
}

bool AmfReader::read(AmfValue& value, int depth) {
    if (depth > kMaxDepth || ++values_ > kMaxValues || atEnd()) return false;
    std::uint64_t bits = 0;
    switch (bytes_[at_++]) {
        case kNumber:
            value.type = AmfValue::Type::Number;
            if (!readNumber(8, bits)) return false;
            value.number = std::bit_cast<double>(bits);
            return true;
        case kBoolean:
            value.type = AmfValue::Type::Boolean;
            if (!readNumber(1, bits)) return false;
            value.number = bits != 0 ? 1 : 0;
            return true;
        case kString: value.type = AmfValue::Type::String; return readString(2, value.string);
        case kLongString:
        case kXml: value.type = AmfValue::Type::String; return readString(4, value.string);
        case kObject: return readMembers(value, depth);
        case kEcmaArray: return readNumber(4, bits) && readMembers(value, depth);  // its count is a hint that may be wrong
        case kTypedObject: {
            std::string className;
            return readString(2, className) && readMembers(value, depth);
        }
        case kStrictArray: {
            value.type = AmfValue::Type::Array;
            if (!readNumber(4, bits)) return false;
            for (std::uint64_t i = 0; i < bits; ++i) {  // ends by kMaxValues or the bytes' end at the latest
                AmfValue element;
                if (!read(element, depth + 1)) return false;
                value.members.push_back(std::move(element));
            }
            return true;
        }
        case kDate: {
            value.type = AmfValue::Type::Number;
            std::uint64_t zone = 0;
            if (!readNumber(8, bits) || !readNumber(2, zone)) return false;
            value.number = std::bit_cast<double>(bits);
            return true;
        }
        case kReference: return readNumber(2, bits);
        case kNull:
        case kUndefined:
        case kUnsupported: return true;
        default: return false;  // movie clip, record set, AMF3, an object's end out of place
    }
}

}  // namespace livepusher::rtmp
