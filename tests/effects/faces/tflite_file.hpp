// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::effects::faces {

/// Writes FlatBuffers tables front to back, as little of the format as `.tflite` files for tests need.
class FlatbufferFile {
public:
    using Bytes = std::vector<std::uint8_t>;
    struct Field {
        std::size_t size = 0;  ///< bytes in the table: of a scalar, or 4 of an offset
        Bytes scalar;
        std::function<std::size_t()> child;  ///< writes it and tells where
    };

    template <typename T>
    static Field scalar(T value) {
        Field field{sizeof value, Bytes(sizeof value), {}};
        std::memcpy(field.scalar.data(), &value, sizeof value);
        return field;
    }
    Field table(std::vector<Field> fields) {
        return {4, {}, [this, fields = std::move(fields)] { return writeTable(fields); }};
    }
    Field tables(std::vector<Field> elements) {
        return {4, {}, [this, elements = std::move(elements)] {
                    const auto at = put(static_cast<std::uint32_t>(elements.size()));
                    for (std::size_t i = 0; i < elements.size(); ++i) put(std::uint32_t{0});
                    for (std::size_t i = 0; i < elements.size(); ++i) point(at + 4 + 4 * i, elements[i].child());
                    return at;
                }};
    }
    template <typename T>
    Field vector(std::vector<T> values) {
        return {4, {}, [this, values = std::move(values)] {
                    const auto at = put(static_cast<std::uint32_t>(values.size()));
                    for (const auto& value : values) put(value);
                    align();
                    return at;
                }};
    }

    Bytes file(const Field& root) {
        bytes_.assign({0, 0, 0, 0, 'T', 'F', 'L', '3'});
        point(0, root.child());
        return bytes_;
    }

private:
    template <typename T>
    std::size_t put(T value) {
        const auto at = bytes_.size();
        bytes_.resize(at + sizeof value);
        std::memcpy(bytes_.data() + at, &value, sizeof value);
        return at;
    }
    void align() { bytes_.resize((bytes_.size() + 3) & ~std::size_t{3}); }
    void point(std::size_t from, std::size_t to) {
        const auto offset = static_cast<std::uint32_t>(to - from);
        std::memcpy(bytes_.data() + from, &offset, 4);
    }
    std::size_t writeTable(const std::vector<Field>& fields) {
        const auto vtable = bytes_.size();
        put(static_cast<std::uint16_t>(4 + 2 * fields.size()));
        put(static_cast<std::uint16_t>(4 + 4 * fields.size()));
        // Each in 4 bytes of its own; one of size 0 is left out.
        for (std::size_t i = 0; i < fields.size(); ++i) put(static_cast<std::uint16_t>(fields[i].size != 0 ? 4 + 4 * i : 0));
        align();
        const auto at = put(static_cast<std::int32_t>(bytes_.size() - vtable));
        for (std::size_t i = 0; i < fields.size(); ++i) put(std::uint32_t{0});
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const auto place = at + 4 + 4 * i;
            if (fields[i].child)
                point(place, fields[i].child());
            else if (fields[i].size != 0)
                std::memcpy(bytes_.data() + place, fields[i].scalar.data(), fields[i].scalar.size());
        }
        return at;
    }

    Bytes bytes_;
};

/// A `.tflite` file of one graph, written for tests.
class TfliteFile {
public:
    enum Type : std::int8_t { Float32 = 0, Float16 = 1, Int32 = 2 };

    /// A tensor that is calculated, or the input. Answers its number.
    std::int32_t tensor(std::vector<std::int32_t> shape, Type type = Float32) { return add(std::move(shape), type, 0); }
    template <typename T>
    std::int32_t constant(std::vector<std::int32_t> shape, Type type, const std::vector<T>& values) {
        std::vector<std::uint8_t> bytes(values.size() * sizeof(T));
        std::memcpy(bytes.data(), values.data(), bytes.size());
        buffers_.push_back(file_.table({file_.vector(std::move(bytes))}));
        return add(std::move(shape), type, static_cast<std::uint32_t>(buffers_.size()) - 1);
    }
    void add(std::int32_t code, std::vector<std::int32_t> inputs, std::int32_t output,
             std::vector<FlatbufferFile::Field> options = {}) {
        codes_.push_back(file_.table({FlatbufferFile::scalar(static_cast<std::int8_t>(code))}));
        operators_.push_back(file_.table({FlatbufferFile::scalar(static_cast<std::uint32_t>(codes_.size() - 1)),
                                          file_.vector(std::move(inputs)), file_.vector(std::vector{output}),
                                          FlatbufferFile::scalar(std::int8_t{1}), file_.table(std::move(options))}));
    }
    std::vector<std::uint8_t> bytes(std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs,
                                    std::uint32_t version = 3) {
        const auto graph = file_.table({file_.tables(tensors_), file_.vector(std::move(inputs)), file_.vector(std::move(outputs)),
                                        file_.tables(operators_)});
        return file_.file(file_.table(
            {FlatbufferFile::scalar(version), file_.tables(codes_), file_.tables({graph}), {}, file_.tables(buffers_)}));
    }

private:
    std::int32_t add(std::vector<std::int32_t> shape, Type type, std::uint32_t buffer) {
        tensors_.push_back(
            file_.table({file_.vector(std::move(shape)), FlatbufferFile::scalar(type), FlatbufferFile::scalar(buffer)}));
        return static_cast<std::int32_t>(tensors_.size()) - 1;
    }

    FlatbufferFile file_;
    std::vector<FlatbufferFile::Field> tensors_, codes_, operators_;
    std::vector<FlatbufferFile::Field> buffers_{file_.table({})};
};

/// A network with one of each operator that the face models have: from [1, 4, 4, 2] to [1, 20].
std::vector<std::uint8_t> everyOperator();

}  // namespace livepusher::effects::faces
