// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <xnnpack.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "effects/faces/network.hpp"

namespace livepusher::effects::faces {

using Shape = std::vector<std::size_t>;  ///< NHWC

struct SubgraphDeleter {
    void operator()(xnn_subgraph* subgraph) const { xnn_delete_subgraph(subgraph); }
};
struct RuntimeDeleter {
    void operator()(xnn_runtime* runtime) const { xnn_delete_runtime(runtime); }
};

struct Network::Runtime {
    Shape inputShape;
    std::vector<float> input;
    std::size_t inputElements = 0;
    struct Output {
        std::vector<float> values;
        std::size_t elements = 0;
    };
    std::vector<Output> outputs;
    std::vector<std::vector<float>> constants;  ///< the runtime points into them
    std::unique_ptr<xnn_runtime, RuntimeDeleter> runtime;
};

inline Error unusable(const std::string& what) { return {Code::InvalidArgument, "not a usable network: " + what}; }

/// One output of the graph is one tensor, or several that a concatenation would only have copied behind each other.
struct Head {
    std::size_t tensor = 0, output = 0, offset = 0;
};

/// Makes XNNPACK's graph of a model, checking everything that XNNPACK takes for granted.
class NetworkBuilder {
public:
    NetworkBuilder(const TfliteModel& model, Network::Runtime& made)
        : model_(model),
          made_(made),
          ids_(model.tensors.size(), XNN_INVALID_VALUE_ID),
          constants_(model.tensors.size(), kNowhere) {}

    Result<void> run();

private:
    const TfliteModel::Tensor& tensor(std::size_t i) const { return model_.tensors[i]; }

    Result<void> findHeads();
    Result<void> addInput();

    /// A tensor that is calculated. Each is once, before it is used.
    Result<void> define(std::size_t index, std::uint32_t external, std::uint32_t flags);

    Result<std::uint32_t> result(std::size_t index, const Shape& shape);

    /// A tensor that an operator before gave.
    Result<std::uint32_t> argument(std::size_t index, std::size_t dimensions);

    /// Weights as float: kept by the network, and of that shape.
    Result<std::uint32_t> weights(std::size_t index, const Shape& shape);

    Result<void> keep(std::size_t index);
    Result<void> add(const TfliteModel::Operator& op);

    static std::pair<float, float> range(TfliteModel::Activation activation);
    Result<void> addSum(const TfliteModel::Operator& op);

    Result<void> checkConcatenation(const TfliteModel::Operator& op);
    Result<void> addConvolution(const TfliteModel::Operator& op);

    /// The size of what a window that moves over `from` gives.
    Result<Shape> windowed(const TfliteModel::Operator& op, const Shape& from, std::size_t height, std::size_t width,
                           std::size_t channels);
    Result<void> addDequantized(const TfliteModel::Operator& op);
    Result<void> addPool(const TfliteModel::Operator& op);
    Result<void> addPad(const TfliteModel::Operator& op);
    Result<void> addPrelu(const TfliteModel::Operator& op);
    Result<void> addRelu(const TfliteModel::Operator& op);
    Result<void> addReshape(const TfliteModel::Operator& op);
    Result<void> finish();

    static Result<void> given(xnn_status status, const char* what);

    static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
    /// What a whole network may have to keep, far above the face models' 4 million.
    static constexpr std::size_t kMostElements = std::size_t{1} << 26;

    const TfliteModel& model_;
    Network::Runtime& made_;
    std::vector<std::uint32_t> ids_;      ///< XNNPACK's, by tensor
    std::vector<std::size_t> constants_;  ///< index into made_.constants, by tensor
    std::vector<Head> heads_;
    std::unique_ptr<xnn_subgraph, SubgraphDeleter> subgraph_;
    std::size_t elements_ = 0, windows_ = 0;
};

}  // namespace livepusher::effects::faces
