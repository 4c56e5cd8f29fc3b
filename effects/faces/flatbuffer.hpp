// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace livepusher::effects::faces {

/// Reads a FlatBuffers message that may be truncated or hostile: what lies outside of the bytes reads as absent or 0 and is
/// remembered in ok(). Little endian, as the format is. Valid while the bytes are.
class Flatbuffer {
public:
    using Position = std::size_t;  ///< of a table or vector in the bytes; 0: absent
    struct Vector {
        Position first = 0;    ///< its first element
        std::size_t size = 0;  ///< elements
    };

    explicit Flatbuffer(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    bool ok() const { return ok_; }

    Position root() { return follow(0); }

    template <typename T>
    T at(Position where) {
        T value{};
        if (where > bytes_.size() || bytes_.size() - where < sizeof value) {
            ok_ = false;
            return value;
        }
        std::memcpy(&value, bytes_.data() + where, sizeof value);
        return value;
    }

    /// Where an offset points to.
    Position follow(Position where) {
        const auto offset = at<std::uint32_t>(where);
        if (offset == 0 || offset > bytes_.size() - where) ok_ = false;
        return ok_ ? where + offset : 0;
    }

    /// Where a table's field is; 0: it has its default.
    Position field(Position table, unsigned number) {
        if (table == 0) return 0;
        const auto back = at<std::int32_t>(table);
        const auto vtable = static_cast<std::int64_t>(table) - back;
        if (!ok_ || vtable < 0 || vtable > static_cast<std::int64_t>(bytes_.size())) {
            ok_ = false;
            return 0;
        }
        const auto begin = static_cast<Position>(vtable);
        if (at<std::uint16_t>(begin) < 6 + 2 * number) return 0;
        const auto offset = at<std::uint16_t>(begin + 4 + 2 * number);
        return ok_ && offset != 0 ? table + offset : 0;
    }

    template <typename T>
    T scalar(Position table, unsigned number, T otherwise) {
        const auto where = field(table, number);
        return where != 0 ? at<T>(where) : otherwise;
    }

    Position table(Position parent, unsigned number) {
        const auto where = field(parent, number);
        return where != 0 ? follow(where) : 0;
    }

    /// A vector of elements of that many bytes; all of it lies inside the bytes, or it is empty.
    Vector vector(Position parent, unsigned number, std::size_t elementSize) {
        const auto where = table(parent, number);
        if (where == 0) return {};
        const std::size_t size = at<std::uint32_t>(where);
        if (!ok_ || size > (bytes_.size() - where - 4) / elementSize) {
            ok_ = false;
            return {};
        }
        return {where + 4, size};
    }

    Position element(const Vector& tables, std::size_t i) { return follow(tables.first + 4 * i); }

    std::span<const std::uint8_t> bytesOf(const Vector& vector) const { return bytes_.subspan(vector.first, vector.size); }

private:
    std::span<const std::uint8_t> bytes_;
    bool ok_ = true;
};

}  // namespace livepusher::effects::faces
