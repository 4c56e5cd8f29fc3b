// SPDX-License-Identifier: MIT
#include "effects/faces/network.hpp"

#include <xnnpack.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "effects/faces/half.hpp"

namespace livepusher::effects::faces {

namespace {

using Kind = TfliteModel::Kind;
using Type = TfliteModel::Type;
using Shape = std::vector<std::size_t>;

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
// What a whole network may have to keep, far above the face models' 4 million.
constexpr std::size_t kMostElements = std::size_t{1} << 26;
// XNNPACK reads up to this much behind the end of what it is given.
constexpr std::size_t kSlack = XNN_EXTRA_BYTES / sizeof(float) + 1;

Error unusable(const std::string& what) { return {Code::InvalidArgument, "not a usable network: " + what}; }

struct SubgraphDeleter {
    void operator()(xnn_subgraph* subgraph) const { xnn_delete_subgraph(subgraph); }
};
struct RuntimeDeleter {
    void operator()(xnn_runtime* runtime) const { xnn_delete_runtime(runtime); }
};

/// Size of the output along one side; 0: there is none.
std::size_t reduced(std::size_t size, std::size_t filter, std::size_t stride, bool same) {
    if (same) return (size + stride - 1) / stride;
    return size < filter ? 0 : (size - filter) / stride + 1;
}

}  // namespace

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

namespace {

/// One output of the graph is one tensor, or several that a concatenation would only have copied behind each other.
struct Head {
    std::size_t tensor = 0, output = 0, offset = 0;
};

class Builder {
public:
    Builder(const TfliteModel& model, Network::Runtime& made)
        : model_(model),
          made_(made),
          ids_(model.tensors.size(), XNN_INVALID_VALUE_ID),
          constants_(model.tensors.size(), kNowhere) {}

    Result<void> run() {
        if (xnn_initialize(nullptr) != xnn_status_success)
            return Error{Code::InternalFailure, "XNNPACK, which runs the face models, does not know this machine's processor"};
        if (model_.inputs.size() != 1) return unusable(std::to_string(model_.inputs.size()) + " inputs");
        if (auto found = findHeads(); !found) return found;
        xnn_subgraph_t subgraph = nullptr;
        if (xnn_create_subgraph(static_cast<std::uint32_t>(heads_.size() + 1), 0, &subgraph) != xnn_status_success)
            return unusable("no memory for it");
        subgraph_.reset(subgraph);
        if (auto added = addInput(); !added) return added;
        for (const auto& op : model_.operators)
            if (auto added = add(op); !added) return added;
        return finish();
    }

private:
    const TfliteModel::Tensor& tensor(std::size_t i) const { return model_.tensors[i]; }

    Result<void> findHeads() {
        for (std::size_t o = 0; o < model_.outputs.size(); ++o) {
            const auto& whole = tensor(model_.outputs[o]);
            std::vector<std::size_t> parts{model_.outputs[o]};
            for (const auto& op : model_.operators) {
                if (op.kind != Kind::Concatenation || op.outputs[0] != model_.outputs[o]) continue;
                const auto before = static_cast<std::size_t>(std::max(op.axis, 0));
                if (op.axis < 0 || before >= whole.shape.size() || op.activation != TfliteModel::Activation::None ||
                    std::any_of(whole.shape.begin(), whole.shape.begin() + op.axis, [](std::size_t s) { return s != 1; }))
                    return unusable("a concatenation across rows");
                parts = op.inputs;
            }
            std::size_t offset = 0;
            for (const auto part : parts) {
                if (std::any_of(heads_.begin(), heads_.end(), [&](const Head& head) { return head.tensor == part; }))
                    return unusable("a tensor is in two outputs");
                heads_.push_back({part, o, offset});
                offset += tensor(part).elements();
            }
            if (offset != whole.elements() || offset > kMostElements) return unusable("an output's size");
            made_.outputs.push_back({std::vector<float>(offset + kSlack), offset});
        }
        return {};
    }

    Result<void> addInput() {
        const auto& input = tensor(model_.inputs[0]);
        if (input.shape.size() != 4 || !input.data.empty()) return unusable("its input is not a picture");
        made_.inputShape = input.shape;
        made_.inputElements = input.elements();
        made_.input.resize(made_.inputElements + kSlack);
        return define(model_.inputs[0], 0, XNN_VALUE_FLAG_EXTERNAL_INPUT);
    }

    /// A tensor that is calculated. Each is once, before it is used.
    Result<void> define(std::size_t index, std::uint32_t external, std::uint32_t flags) {
        const auto& wanted = tensor(index);
        elements_ += wanted.elements();
        if (wanted.type != Type::Float32 || !wanted.data.empty() || ids_[index] != XNN_INVALID_VALUE_ID ||
            constants_[index] != kNowhere || elements_ > kMostElements)
            return unusable("tensor " + std::to_string(index) + " is no result, or is one twice");
        return given(xnn_define_tensor_value(subgraph_.get(), xnn_datatype_fp32, wanted.shape.size(), wanted.shape.data(),
                                             nullptr, external, flags, &ids_[index]),
                     "a tensor");
    }

    Result<std::uint32_t> result(std::size_t index, const Shape& shape) {
        if (tensor(index).shape != shape)
            return unusable("tensor " + std::to_string(index) + " has not the size of what it gets");
        const auto head = std::find_if(heads_.begin(), heads_.end(), [&](const Head& h) { return h.tensor == index; });
        const bool isHead = head != heads_.end();
        const auto external = isHead ? static_cast<std::uint32_t>(head - heads_.begin() + 1) : XNN_INVALID_VALUE_ID;
        if (auto defined = define(index, external, isHead ? XNN_VALUE_FLAG_EXTERNAL_OUTPUT : 0); !defined) return defined.error();
        return ids_[index];
    }

    /// A tensor that an operator before gave.
    Result<std::uint32_t> argument(std::size_t index, std::size_t dimensions) {
        if (ids_[index] == XNN_INVALID_VALUE_ID || constants_[index] != kNowhere)
            return unusable("tensor " + std::to_string(index) + " is used before it is calculated");
        if (tensor(index).shape.size() != dimensions)
            return unusable("tensor " + std::to_string(index) + " has not 4 dimensions");
        return ids_[index];
    }

    /// Weights as float: kept by the network, and of that shape.
    Result<std::uint32_t> weights(std::size_t index, const Shape& shape) {
        if (auto kept = keep(index); !kept) return kept.error();
        const auto& values = made_.constants[constants_[index]];
        std::size_t elements = 1;
        for (const auto size : shape) elements *= size;
        if (elements != tensor(index).elements()) return unusable("weights of another size than their operator needs");
        std::uint32_t id = XNN_INVALID_VALUE_ID;
        auto defined = given(xnn_define_tensor_value(subgraph_.get(), xnn_datatype_fp32, shape.size(), shape.data(),
                                                     values.data(), XNN_INVALID_VALUE_ID, 0, &id),
                             "weights");
        if (!defined) return defined.error();
        return id;
    }

    Result<void> keep(std::size_t index) {
        if (constants_[index] != kNowhere) return {};
        const auto& constant = tensor(index);
        if (constant.data.empty() || constant.type == Type::Int32 || ids_[index] != XNN_INVALID_VALUE_ID)
            return unusable("tensor " + std::to_string(index) + " should be a constant");
        std::vector<float> values(constant.elements() + kSlack);
        for (std::size_t i = 0; i < constant.elements(); ++i) {
            if (constant.type == Type::Float16) {
                std::uint16_t half = 0;
                std::memcpy(&half, constant.data.data() + 2 * i, 2);
                values[i] = fromHalf(half);
            } else {
                std::memcpy(&values[i], constant.data.data() + 4 * i, 4);
            }
        }
        constants_[index] = made_.constants.size();
        made_.constants.push_back(std::move(values));
        return {};
    }

    Result<void> add(const TfliteModel::Operator& op) {
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
        return unusable("an unknown operator");
    }

    static std::pair<float, float> range(TfliteModel::Activation activation) {
        constexpr float kInfinity = std::numeric_limits<float>::infinity();
        switch (activation) {
            case TfliteModel::Activation::None: break;
            case TfliteModel::Activation::Relu: return {0.0F, kInfinity};
            case TfliteModel::Activation::Relu6: return {0.0F, 6.0F};
        }
        return {-kInfinity, kInfinity};
    }

    Result<void> addSum(const TfliteModel::Operator& op) {
        const auto& shape = tensor(op.inputs[0]).shape;
        if (tensor(op.inputs[1]).shape != shape) return unusable("a sum of different sizes");
        const auto a = argument(op.inputs[0], 4), b = argument(op.inputs[1], 4);
        if (!a || !b) return (a ? b : a).error();
        const auto out = result(op.outputs[0], shape);
        if (!out) return out.error();
        const auto [low, high] = range(op.activation);
        return given(xnn_define_add2(subgraph_.get(), low, high, *a, *b, *out, 0), "a sum");
    }

    Result<void> checkConcatenation(const TfliteModel::Operator& op) {
        if (std::find(model_.outputs.begin(), model_.outputs.end(), op.outputs[0]) == model_.outputs.end())
            return unusable("a concatenation inside of it");
        for (const auto input : op.inputs)
            if (ids_[input] == XNN_INVALID_VALUE_ID) return unusable("a concatenation of what is not calculated");
        return {};
    }

    Result<void> addConvolution(const TfliteModel::Operator& op) {
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
                                                             static_cast<std::uint32_t>(multiplier), from[3], low, high, *in,
                                                             *kernel, *bias, *out, flags),
                         "a depthwise convolution");
        return given(xnn_define_convolution_2d(subgraph_.get(), 0, 0, 0, 0, height, width, down, across, 1, 1, 1, from[3],
                                               channels, low, high, *in, *kernel, *bias, *out, flags),
                     "a convolution");
    }

    /// The size of what a window that moves over `from` gives.
    Result<Shape> windowed(const TfliteModel::Operator& op, const Shape& from, std::size_t height, std::size_t width,
                           std::size_t channels) {
        const Shape shape{from[0], reduced(from[1], height, static_cast<std::size_t>(op.strideHeight), op.samePadding),
                          reduced(from[2], width, static_cast<std::size_t>(op.strideWidth), op.samePadding), channels};
        if (shape[1] == 0 || shape[2] == 0 || height > 64 || width > 64) return unusable("a window that does not fit");
        windows_ += shape[0] * shape[1] * shape[2] * height * width;  // XNNPACK keeps a pointer for each
        if (from[0] != 1 || windows_ > kMostElements) return unusable("too many windows");
        return shape;
    }

    Result<void> addDequantized(const TfliteModel::Operator& op) {
        const auto from = op.inputs[0], to = op.outputs[0];
        if (tensor(from).shape != tensor(to).shape || ids_[to] != XNN_INVALID_VALUE_ID || constants_[to] != kNowhere)
            return unusable("weights of another size than they are stored with");
        if (auto kept = keep(from); !kept) return kept;
        constants_[to] = constants_[from];
        return {};
    }

    Result<void> addPool(const TfliteModel::Operator& op) {
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

    Result<void> addPad(const TfliteModel::Operator& op) {
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
        return given(xnn_define_static_constant_pad(subgraph_.get(), before.data(), behind.data(), 0.0F, *in, *out, 0),
                     "a padding");
    }

    Result<void> addPrelu(const TfliteModel::Operator& op) {
        const auto in = argument(op.inputs[0], 4);
        if (!in) return in.error();
        const auto& shape = tensor(op.inputs[0]).shape;
        const auto slope = weights(op.inputs[1], {shape[3]});
        if (!slope) return slope.error();
        const auto out = result(op.outputs[0], shape);
        if (!out) return out.error();
        return given(xnn_define_prelu(subgraph_.get(), *in, *slope, *out, 0), "a PReLU");
    }

    Result<void> addRelu(const TfliteModel::Operator& op) {
        const auto in = argument(op.inputs[0], 4);
        if (!in) return in.error();
        const auto out = result(op.outputs[0], tensor(op.inputs[0]).shape);
        if (!out) return out.error();
        const auto [low, high] = range(TfliteModel::Activation::Relu);
        return given(xnn_define_clamp(subgraph_.get(), low, high, *in, *out, 0), "a ReLU");
    }

    Result<void> addReshape(const TfliteModel::Operator& op) {
        const auto& from = tensor(op.inputs[0]);
        const auto& to = tensor(op.outputs[0]);
        const auto in = argument(op.inputs[0], from.shape.size());
        if (!in) return in.error();
        if (from.elements() != to.elements()) return unusable("a reshape that changes the size");
        const auto out = result(op.outputs[0], to.shape);
        if (!out) return out.error();
        return given(xnn_define_static_reshape(subgraph_.get(), to.shape.size(), to.shape.data(), *in, *out, 0), "a reshape");
    }

    Result<void> finish() {
        for (const auto& head : heads_)
            if (head.tensor == model_.inputs[0] || ids_[head.tensor] == XNN_INVALID_VALUE_ID ||
                constants_[head.tensor] != kNowhere)
                return unusable("an output is not calculated");
        xnn_runtime_t runtime = nullptr;
        if (auto created = given(xnn_create_runtime_v2(subgraph_.get(), nullptr, 0, &runtime), "all together"); !created)
            return created;
        made_.runtime.reset(runtime);
        std::vector<xnn_external_value> places{{0, made_.input.data()}};
        for (std::uint32_t i = 0; i < heads_.size(); ++i)
            places.push_back({i + 1, made_.outputs[heads_[i].output].values.data() + heads_[i].offset});
        return given(xnn_setup_runtime(runtime, places.size(), places.data()), "inputs and outputs");
    }

    static Result<void> given(xnn_status status, const char* what) {
        if (status == xnn_status_success) return {};
        return Error{Code::InvalidArgument, std::string("not a usable network: XNNPACK refuses ") + what,
                     static_cast<int>(status)};
    }

    const TfliteModel& model_;
    Network::Runtime& made_;
    std::vector<std::uint32_t> ids_;      ///< XNNPACK's, by tensor
    std::vector<std::size_t> constants_;  ///< index into made_.constants, by tensor
    std::vector<Head> heads_;
    std::unique_ptr<xnn_subgraph, SubgraphDeleter> subgraph_;
    std::size_t elements_ = 0, windows_ = 0;
};

}  // namespace

Result<Network> Network::build(const TfliteModel& model) {
    auto made = std::make_unique<Runtime>();
    if (auto built = Builder(model, *made).run(); !built) return built.error();
    return Network(std::move(made));
}

Network::Network(std::unique_ptr<Runtime> runtime) : runtime_(std::move(runtime)) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

std::span<const std::size_t> Network::inputShape() const { return runtime_->inputShape; }
std::span<float> Network::input() { return {runtime_->input.data(), runtime_->inputElements}; }
std::size_t Network::outputs() const { return runtime_->outputs.size(); }
std::span<const float> Network::output(std::size_t i) const {
    return {runtime_->outputs[i].values.data(), runtime_->outputs[i].elements};
}

Result<void> Network::run() {
    if (const auto status = xnn_invoke_runtime(runtime_->runtime.get()); status != xnn_status_success)
        return Error{Code::InternalFailure, "XNNPACK could not run a face model", static_cast<int>(status)};
    return {};
}

}  // namespace livepusher::effects::faces
