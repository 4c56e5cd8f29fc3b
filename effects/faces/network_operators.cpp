// SPDX-License-Identifier: MIT
#include "effects/faces/network_builder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace livepusher::effects::faces {

namespace {

using Kind = TfliteModel::Kind;
using Type = TfliteModel::Type;

/// Size of the output along one side; 0: there is none.
std::size_t reduced(std::size_t size, std::size_t filter, std::size_t stride, bool same) {
    if (same) return (size + stride - 1) / stride;
    return size < filter ? 0 : (size - filter) / stride + 1;
}

}  // namespace

Result<void> NetworkBuilder::add(const TfliteModel::Operator& op) {
    switch (op.kind) {
        case Kind::Add: return addSum(op);
        case Kind::Concatenation: return checkConcatenation(op);
        case Kind::Conv2d:
        case Kind::DepthwiseConv2d: return addConvolution(op);
        case Kind::Dequantize: return addDequantized(op);
        case Kind::MaxPool2d: return addPool(op);
        case Kind::Pad: return addPad(op);
        case Kind::Prelu: return addPrelu(op);
        case Kind::Relu: return addRelu(op);
        case Kind::Reshape: return addReshape(op);
    }
    return unusable("an operator that is not known, number " + std::to_string(static_cast<int>(op.kind)));
}

std::pair<float, float> NetworkBuilder::range(TfliteModel::Activation activation) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    switch (activation) {
        case TfliteModel::Activation::None: break;
        case TfliteModel::Activation::Relu: return {0.0F, kInfinity};
        case TfliteModel::Activation::Relu6: return {0.0F, 6.0F};
    }
    return {-kInfinity, kInfinity};
}

Result<void> NetworkBuilder::addSum(const TfliteModel::Operator& op) {
    const auto& shape = tensor(op.inputs[0]).shape;
    if (tensor(op.inputs[1]).shape != shape) return unusable("a sum of different sizes");
    const auto a = argument(op.inputs[0], 4), b = argument(op.inputs[1], 4);
    if (!a || !b) return (a ? b : a).error();
    const auto out = result(op.outputs[0], shape);
    if (!out) return out.error();
    const auto [low, high] = range(op.activation);
    return given(xnn_define_add2(subgraph_.get(), low, high, *a, *b, *out, 0), "a sum");
}

Result<void> NetworkBuilder::checkConcatenation(const TfliteModel::Operator& op) {
    if (std::find(model_.outputs.begin(), model_.outputs.end(), op.outputs[0]) == model_.outputs.end())
        return unusable("a concatenation inside of it");
    for (const auto input : op.inputs)
        if (ids_[input] == XNN_INVALID_VALUE_ID) return unusable("a concatenation of what is not calculated");
    return {};
}

Result<void> NetworkBuilder::addConvolution(const TfliteModel::Operator& op) {
    const bool depthwise = op.kind == Kind::DepthwiseConv2d;
    const auto in = argument(op.inputs[0], 4);
    if (!in) return in.error();
    const auto& from = tensor(op.inputs[0]).shape;
    const auto& filter = tensor(op.inputs[1]).shape;
    const auto multiplier = static_cast<std::size_t>(op.depthMultiplier);
    if (filter.size() != 4 || (depthwise ? filter[0] != 1 || filter[3] != from[3] * multiplier : filter[3] != from[3]))
        return unusable("a convolution's filter does not fit its input");
    const std::size_t channels = depthwise ? filter[3] : filter[0];
    const auto shape = windowed(op, from, filter[1], filter[2], channels);
    if (!shape) return shape.error();
    const auto kernel = weights(op.inputs[1], filter);
    const auto bias = weights(op.inputs[2], {channels});
    if (!kernel || !bias) return (kernel ? bias : kernel).error();
    const auto out = result(op.outputs[0], *shape);
    if (!out) return out.error();
    const auto [low, high] = range(op.activation);
    const auto height = static_cast<std::uint32_t>(filter[1]), width = static_cast<std::uint32_t>(filter[2]);
    const auto down = static_cast<std::uint32_t>(op.strideHeight), across = static_cast<std::uint32_t>(op.strideWidth);
    const std::uint32_t flags = op.samePadding ? XNN_FLAG_TENSORFLOW_SAME_PADDING : 0;
    if (depthwise)
        return given(xnn_define_depthwise_convolution_2d(subgraph_.get(), 0, 0, 0, 0, height, width, down, across, 1, 1,
                                                         static_cast<std::uint32_t>(multiplier), from[3], low, high, *in, *kernel,
                                                         *bias, *out, flags),
                     "a depthwise convolution");
    return given(xnn_define_convolution_2d(subgraph_.get(), 0, 0, 0, 0, height, width, down, across, 1, 1, 1, from[3], channels,
                                           low, high, *in, *kernel, *bias, *out, flags),
                 "a convolution");
}

Result<Shape> NetworkBuilder::windowed(const TfliteModel::Operator& op, const Shape& from, std::size_t height, std::size_t width,
                                       std::size_t channels) {
    const Shape shape{from[0], reduced(from[1], height, static_cast<std::size_t>(op.strideHeight), op.samePadding),
                      reduced(from[2], width, static_cast<std::size_t>(op.strideWidth), op.samePadding), channels};
    if (shape[1] == 0 || shape[2] == 0 || height > 64 || width > 64) return unusable("a window that does not fit");
    windows_ += shape[0] * shape[1] * shape[2] * height * width;  // XNNPACK keeps a pointer for each
    if (from[0] != 1 || windows_ > kMostElements) return unusable("too many windows");
    return shape;
}

Result<void> NetworkBuilder::addDequantized(const TfliteModel::Operator& op) {
    const auto from = op.inputs[0], to = op.outputs[0];
    if (tensor(from).shape != tensor(to).shape || ids_[to] != XNN_INVALID_VALUE_ID || constants_[to] != kNowhere)
        return unusable("weights of another size than they are stored with");
    if (auto kept = keep(from); !kept) return kept;
    constants_[to] = constants_[from];
    return {};
}

Result<void> NetworkBuilder::addPool(const TfliteModel::Operator& op) {
    const auto in = argument(op.inputs[0], 4);
    if (!in) return in.error();
    const auto& from = tensor(op.inputs[0]).shape;
    const auto shape =
        windowed(op, from, static_cast<std::size_t>(op.filterHeight), static_cast<std::size_t>(op.filterWidth), from[3]);
    if (!shape) return shape.error();
    const auto out = result(op.outputs[0], *shape);
    if (!out) return out.error();
    const auto [low, high] = range(op.activation);
    return given(
        xnn_define_max_pooling_2d(subgraph_.get(), 0, 0, 0, 0, static_cast<std::uint32_t>(op.filterHeight),
                                  static_cast<std::uint32_t>(op.filterWidth), static_cast<std::uint32_t>(op.strideHeight),
                                  static_cast<std::uint32_t>(op.strideWidth), 1, 1, low, high, *in, *out,
                                  op.samePadding ? XNN_FLAG_TENSORFLOW_SAME_PADDING : 0),
        "a pooling");
}

Result<void> NetworkBuilder::addPad(const TfliteModel::Operator& op) {
    const auto in = argument(op.inputs[0], 4);
    if (!in) return in.error();
    const auto& paddings = tensor(op.inputs[1]);
    if (paddings.type != Type::Int32 || paddings.data.empty() || paddings.elements() != 8)
        return unusable("a padding that is not constant");
    std::array<std::array<std::int32_t, 2>, 4> sizes{};
    std::memcpy(sizes.data(), paddings.data.data(), sizeof sizes);
    std::array<std::size_t, 4> before{}, behind{};
    Shape shape = tensor(op.inputs[0]).shape;
    for (std::size_t d = 0; d < 4; ++d) {
        if (sizes[d][0] < 0 || sizes[d][1] < 0) return unusable("a negative padding");
        before[d] = static_cast<std::size_t>(sizes[d][0]);
        behind[d] = static_cast<std::size_t>(sizes[d][1]);
        shape[d] += before[d] + behind[d];
    }
    const auto out = result(op.outputs[0], shape);
    if (!out) return out.error();
    return given(xnn_define_static_constant_pad(subgraph_.get(), before.data(), behind.data(), 0.0F, *in, *out, 0), "a padding");
}

Result<void> NetworkBuilder::addPrelu(const TfliteModel::Operator& op) {
    const auto in = argument(op.inputs[0], 4);
    if (!in) return in.error();
    const auto& shape = tensor(op.inputs[0]).shape;
    const auto slope = weights(op.inputs[1], {shape[3]});
    if (!slope) return slope.error();
    const auto out = result(op.outputs[0], shape);
    if (!out) return out.error();
    return given(xnn_define_prelu(subgraph_.get(), *in, *slope, *out, 0), "a PReLU");
}

Result<void> NetworkBuilder::addRelu(const TfliteModel::Operator& op) {
    const auto in = argument(op.inputs[0], 4);
    if (!in) return in.error();
    const auto out = result(op.outputs[0], tensor(op.inputs[0]).shape);
    if (!out) return out.error();
    const auto [low, high] = range(TfliteModel::Activation::Relu);
    return given(xnn_define_clamp(subgraph_.get(), low, high, *in, *out, 0), "a ReLU");
}

Result<void> NetworkBuilder::addReshape(const TfliteModel::Operator& op) {
    const auto& from = tensor(op.inputs[0]);
    const auto& to = tensor(op.outputs[0]);
    const auto in = argument(op.inputs[0], from.shape.size());
    if (!in) return in.error();
    if (from.elements() != to.elements()) return unusable("a reshape that changes the size");
    const auto out = result(op.outputs[0], to.shape);
    if (!out) return out.error();
    return given(xnn_define_static_reshape(subgraph_.get(), to.shape.size(), to.shape.data(), *in, *out, 0), "a reshape");
}

}  // namespace livepusher::effects::faces
