// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::effects::faces {

/// A neural network as a `.tflite` file describes it (FlatBuffers schema version 3), as much of it as the face models have.
struct TfliteModel {
    enum class Type { Float32, Float16, Int32 };
    enum class Kind { Add, Concatenation, Conv2d, DepthwiseConv2d, Dequantize, MaxPool2d, Pad, Prelu, Relu, Reshape };
    enum class Activation { None, Relu, Relu6 };

    struct Tensor {
        Type type = Type::Float32;
        std::vector<std::size_t> shape;      ///< NHWC
        std::span<const std::uint8_t> data;  ///< of a constant, as many bytes as its shape needs; empty: it is calculated
        std::size_t elements() const;
    };
    struct Operator {
        Kind kind = Kind::Add;
        std::vector<std::size_t> inputs, outputs;  ///< indices into `tensors`
        Activation activation = Activation::None;
        bool samePadding = true;  ///< TensorFlow's SAME, else VALID
        int strideWidth = 1, strideHeight = 1;
        int filterWidth = 1, filterHeight = 1;  ///< of MaxPool2d
        int depthMultiplier = 1;                ///< of DepthwiseConv2d
        int axis = 0;                           ///< of Concatenation
    };

    std::vector<Tensor> tensors;
    std::vector<Operator> operators;           ///< in an order in which they can be run
    std::vector<std::size_t> inputs, outputs;  ///< indices into `tensors`
    std::vector<std::uint8_t> bytes;           ///< the file, which the constants point into

    TfliteModel() = default;
    TfliteModel(TfliteModel&&) = default;
    TfliteModel& operator=(TfliteModel&&) = default;
    TfliteModel(const TfliteModel&) = delete;
    TfliteModel& operator=(const TfliteModel&) = delete;
};

/// Reads a file's bytes, whatever they are: everything that it gives is in bounds, each operator has as many inputs and
/// outputs as its kind takes.
Result<TfliteModel> parseTflite(std::vector<std::uint8_t> bytes);

/// IEEE 754 binary16 as float, exactly.
inline float fromHalf(std::uint16_t half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1fU, fraction = half & 0x3ffU;
    if (exponent == 0) {  // zero and subnormals
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
    return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

}  // namespace livepusher::effects::faces
