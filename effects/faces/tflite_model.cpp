// SPDX-License-Identifier: MIT
#include "effects/faces/tflite_model.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "effects/faces/flatbuffer.hpp"

namespace livepusher::effects::faces {

namespace {

using Kind = TfliteModel::Kind;
using Type = TfliteModel::Type;

// Far above what the face models have (250 tensors, 1.4 million weights), far below what could exhaust memory.
constexpr std::size_t kMostTensors = 4096, kMostElements = std::size_t{1} << 24, kMostDimensions = 5;

Error wrong(const std::string& what) { return {Code::InvalidArgument, "not a usable .tflite file: " + what}; }

struct KindRow {
    int code;  ///< BuiltinOperator of the schema
    Kind kind;
    std::size_t fewestInputs, mostInputs;
};
constexpr KindRow kKinds[] = {
    {0, Kind::Add, 2, 2},        {2, Kind::Concatenation, 1, 8}, {3, Kind::Conv2d, 3, 3}, {4, Kind::DepthwiseConv2d, 3, 3},
    {6, Kind::Dequantize, 1, 1}, {17, Kind::MaxPool2d, 1, 1},    {19, Kind::Relu, 1, 1},  {22, Kind::Reshape, 1, 2},
    {34, Kind::Pad, 2, 2},       {54, Kind::Prelu, 2, 2},
};

std::size_t sizeOf(Type type) { return type == Type::Float16 ? 2 : 4; }

class Parser {
public:
    explicit Parser(TfliteModel& model) : model_(model), buffer_(model.bytes) {}

    Result<void> run() {
        if (model_.bytes.size() < 8 || !std::equal(kIdentifier, kIdentifier + 4, model_.bytes.begin() + 4))
            return wrong("it does not begin with TFL3");
        const auto root = buffer_.root();
        if (const auto version = buffer_.scalar<std::uint32_t>(root, 0, 0); version != 3)
            return wrong("schema version " + std::to_string(version) + ", only 3 is known");
        const auto graphs = buffer_.vector(root, 2, 4);
        if (graphs.size != 1) return truncatedOr("it holds " + std::to_string(graphs.size) + " graphs, not one");
        const auto graph = buffer_.element(graphs, 0);
        if (auto read = tensors(graph, buffer_.vector(root, 4, 4)); !read) return read;
        if (auto read = operators(graph, buffer_.vector(root, 1, 4)); !read) return read;
        model_.inputs = indices(graph, 1);
        model_.outputs = indices(graph, 2);
        if (!buffer_.ok() || badIndex_) return truncatedOr("");
        if (model_.inputs.empty() || model_.outputs.empty()) return wrong("it has no input or no output");
        return {};
    }

private:
    static constexpr std::uint8_t kIdentifier[] = {'T', 'F', 'L', '3'};

    Error truncatedOr(const std::string& what) const {
        return wrong(what.empty() || !buffer_.ok() || badIndex_ ? "it is damaged or not all of it is there" : what);
    }

    std::vector<std::size_t> indices(Flatbuffer::Position table, unsigned field) {
        std::vector<std::size_t> found;
        const auto vector = buffer_.vector(table, field, 4);
        for (std::size_t i = 0; i < vector.size; ++i) {
            const auto index = buffer_.at<std::int32_t>(vector.first + 4 * i);
            if (index < 0 || static_cast<std::size_t>(index) >= model_.tensors.size())
                badIndex_ = true;
            else
                found.push_back(static_cast<std::size_t>(index));
        }
        return found;
    }

    Result<void> tensors(Flatbuffer::Position graph, const Flatbuffer::Vector& buffers) {
        const auto all = buffer_.vector(graph, 0, 4);
        if (all.size > kMostTensors) return wrong(std::to_string(all.size) + " tensors are too many");
        for (std::size_t i = 0; i < all.size && buffer_.ok(); ++i) {
            auto tensor = oneTensor(buffer_.element(all, i), buffers);
            if (!tensor) return tensor.error();
            model_.tensors.push_back(std::move(*tensor));
        }
        if (!buffer_.ok()) return truncatedOr("");
        return {};
    }

    Result<TfliteModel::Tensor> oneTensor(Flatbuffer::Position table, const Flatbuffer::Vector& buffers) {
        TfliteModel::Tensor tensor;
        const auto shape = buffer_.vector(table, 0, 4);
        if (shape.size > kMostDimensions) return wrong("a tensor of " + std::to_string(shape.size) + " dimensions");
        std::size_t elements = 1;
        for (std::size_t d = 0; d < shape.size; ++d) {
            const auto size = buffer_.at<std::int32_t>(shape.first + 4 * d);
            if (size <= 0 || static_cast<std::size_t>(size) > kMostElements / elements)
                return truncatedOr("a tensor's side of " + std::to_string(size));
            elements *= static_cast<std::size_t>(size);
            tensor.shape.push_back(static_cast<std::size_t>(size));
        }
        const auto type = buffer_.scalar<std::int8_t>(table, 1, 0);
        if (type < 0 || type > 2) return truncatedOr("a tensor of type " + std::to_string(type));
        tensor.type = static_cast<Type>(type);
        if (buffer_.field(table, 6) != 0) return truncatedOr("a sparse tensor");
        const auto number = buffer_.scalar<std::uint32_t>(table, 2, 0);
        if (number >= buffers.size) return truncatedOr("a tensor's buffer that is not there");
        const auto data = buffer_.vector(buffer_.element(buffers, number), 0, 1);
        if (!buffer_.ok()) return truncatedOr("");
        if (data.size != 0 && data.size != elements * sizeOf(tensor.type))
            return wrong("a tensor of " + std::to_string(elements) + " elements with " + std::to_string(data.size) + " bytes");
        tensor.data = buffer_.bytesOf(data);
        return tensor;
    }

    std::optional<KindRow> kindOf(Flatbuffer::Position code) {
        // Newer files have the number in field 3, and 127 in field 0 where it is larger than that.
        const int number = std::max<int>(buffer_.scalar<std::int8_t>(code, 0, 0), buffer_.scalar<std::int32_t>(code, 3, 0));
        for (const auto& row : kKinds)
            if (row.code == number) return row;
        return std::nullopt;
    }

    Result<void> operators(Flatbuffer::Position graph, const Flatbuffer::Vector& codes) {
        const auto all = buffer_.vector(graph, 3, 4);
        if (all.size > kMostTensors) return wrong(std::to_string(all.size) + " operators are too many");
        for (std::size_t i = 0; i < all.size && buffer_.ok(); ++i) {
            const auto table = buffer_.element(all, i);
            const auto code = buffer_.scalar<std::uint32_t>(table, 0, 0);
            if (code >= codes.size) return truncatedOr("an operator's code that is not there");
            const auto row = kindOf(buffer_.element(codes, code));
            if (!row) return truncatedOr("an operator that the face models do not have");
            TfliteModel::Operator made;
            made.kind = row->kind;
            made.inputs = indices(table, 1);
            made.outputs = indices(table, 2);
            if (made.inputs.size() < row->fewestInputs || made.inputs.size() > row->mostInputs || made.outputs.size() != 1)
                return truncatedOr("an operator with a wrong number of inputs");
            if (auto read = options(buffer_.table(table, 4), made); !read) return read;
            model_.operators.push_back(std::move(made));
        }
        if (!buffer_.ok() || badIndex_) return truncatedOr("");
        return {};
    }

    Result<void> options(Flatbuffer::Position table, TfliteModel::Operator& made) {
        std::optional<unsigned> activation;
        switch (made.kind) {
            case Kind::Add: activation = 0; break;
            case Kind::Concatenation:
                made.axis = buffer_.scalar<std::int32_t>(table, 0, 0);
                activation = 1;
                break;
            case Kind::Conv2d:
                activation = 3;
                if (dilated(table, 4)) return wrong("a dilated convolution");
                break;
            case Kind::DepthwiseConv2d:
                made.depthMultiplier = buffer_.scalar<std::int32_t>(table, 3, 0);
                activation = 4;
                if (dilated(table, 5)) return wrong("a dilated convolution");
                break;
            case Kind::MaxPool2d:
                made.filterWidth = buffer_.scalar<std::int32_t>(table, 3, 0);
                made.filterHeight = buffer_.scalar<std::int32_t>(table, 4, 0);
                activation = 5;
                break;
            case Kind::Dequantize:
            case Kind::Pad:
            case Kind::Prelu:
            case Kind::Relu:
            case Kind::Reshape: return {};
        }
        if (made.kind == Kind::Conv2d || made.kind == Kind::DepthwiseConv2d || made.kind == Kind::MaxPool2d) {
            made.samePadding = buffer_.scalar<std::int8_t>(table, 0, 0) == 0;
            made.strideWidth = buffer_.scalar<std::int32_t>(table, 1, 0);
            made.strideHeight = buffer_.scalar<std::int32_t>(table, 2, 0);
        }
        for (const int size : {made.strideWidth, made.strideHeight, made.filterWidth, made.filterHeight, made.depthMultiplier})
            if (size < 1 || size > 64) return truncatedOr("a stride, filter or multiplier of " + std::to_string(size));
        switch (const int number = activation ? buffer_.scalar<std::int8_t>(table, *activation, 0) : 0; number) {
            case 0: made.activation = TfliteModel::Activation::None; break;
            case 1: made.activation = TfliteModel::Activation::Relu; break;
            case 3: made.activation = TfliteModel::Activation::Relu6; break;
            default: return truncatedOr("an activation of number " + std::to_string(number));
        }
        return {};
    }

    bool dilated(Flatbuffer::Position table, unsigned field) {
        return buffer_.scalar<std::int32_t>(table, field, 1) != 1 || buffer_.scalar<std::int32_t>(table, field + 1, 1) != 1;
    }

    TfliteModel& model_;
    Flatbuffer buffer_;
    bool badIndex_ = false;
};

}  // namespace

std::size_t TfliteModel::Tensor::elements() const {
    std::size_t count = 1;
    for (const auto size : shape) count *= size;
    return count;
}

Result<TfliteModel> parseTflite(std::vector<std::uint8_t> bytes) {
    TfliteModel model;
    model.bytes = std::move(bytes);
    if (auto read = Parser(model).run(); !read) return read.error();
    return model;
}

}  // namespace livepusher::effects::faces
