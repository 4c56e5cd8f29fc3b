// SPDX-License-Identifier: MIT
#include "effects/faces/tflite_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tflite_file.hpp"

namespace livepusher::effects::faces {
namespace {

std::string modelRefusal(std::vector<std::uint8_t> bytes) {
    const auto parsed = parseTflite(std::move(bytes));
    return parsed ? "taken" : parsed.error().message;
}

TEST(Half, IsExactForEveryKindOfNumber) {
    EXPECT_EQ(fromHalf(0x0000), 0.0F);
    EXPECT_TRUE(std::signbit(fromHalf(0x8000)));
    EXPECT_EQ(fromHalf(0x3c00), 1.0F);
    EXPECT_EQ(fromHalf(0xc000), -2.0F);
    EXPECT_EQ(fromHalf(0x3555), 0x1.554p-2F);
    EXPECT_EQ(fromHalf(0x7bff), 65504.0F);
    EXPECT_EQ(fromHalf(0x0001), 0x1p-24F);
    EXPECT_EQ(fromHalf(0x83ff), -0x1.ff8p-15F);
    EXPECT_TRUE(std::isinf(fromHalf(0x7c00)));
    EXPECT_TRUE(std::isnan(fromHalf(0x7e00)));
}

TEST(TfliteModel, IsReadWithItsTensorsAndOperators) {
    const auto model = parseTflite(everyOperator());
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->operators.size(), 11U);
    EXPECT_EQ(model->tensors[model->inputs[0]].shape, (std::vector<std::size_t>{1, 4, 4, 2}));
    EXPECT_EQ(model->tensors[model->outputs[0]].elements(), 20U);
    EXPECT_EQ(model->tensors[1].type, TfliteModel::Type::Float16);
    EXPECT_EQ(model->tensors[1].data.size(), 8U);
    EXPECT_EQ(model->operators[2].kind, TfliteModel::Kind::MaxPool2d);
    EXPECT_EQ(model->operators[2].strideWidth, 2);
    EXPECT_TRUE(model->operators[2].samePadding);
}

TEST(TfliteModel, RefusesWhatIsNoSuchFile) {
    EXPECT_EQ(modelRefusal({}), "not a usable .tflite file: it does not begin with TFL3");
    const std::string text = "<!doctype html><title>404 Not Found</title>";
    EXPECT_EQ(modelRefusal({text.begin(), text.end()}), "not a usable .tflite file: it does not begin with TFL3");
    TfliteFile newer;
    const auto input = newer.tensor({1, 4, 4, 2});
    EXPECT_EQ(modelRefusal(newer.bytes({input}, {input}, 4)), "not a usable .tflite file: schema version 4, only 3 is known");
}

TEST(TfliteModel, RefusesOperatorsThatTheFaceModelsDoNotHave) {
    TfliteFile file;
    const auto input = file.tensor({1, 4, 4, 2}), output = file.tensor({1, 4, 4, 2});
    file.add(32, {input}, output);  // a custom one
    EXPECT_EQ(modelRefusal(file.bytes({input}, {output})),
              "not a usable .tflite file: an operator that the face models do not have");
}

TEST(TfliteModel, RefusesTensorsThatAreTooLargeOrLieAboutTheirSize) {
    for (const auto& shape : {std::vector{1, 1 << 16, 1 << 16, 3}, std::vector{1, 0, 4, 2}, std::vector{1, -4, 4, 2}}) {
        TfliteFile file;
        const auto input = file.tensor(shape);
        EXPECT_NE(modelRefusal(file.bytes({input}, {input})).find("a tensor's side of"), std::string::npos);
    }
    TfliteFile file;
    const auto input = file.tensor({1, 4, 4, 2});
    file.constant<float>({4}, TfliteFile::Float32, {1, 2, 3});
    EXPECT_EQ(modelRefusal(file.bytes({input}, {input})), "not a usable .tflite file: a tensor of 4 elements with 12 bytes");
}

TEST(TfliteModel, RefusesNumbersOfTensorsThatAreNotThere) {
    for (const std::int32_t number : {-1, 99}) {
        TfliteFile file;
        const auto input = file.tensor({1, 4, 4, 2}), output = file.tensor({1, 4, 4, 2});
        file.add(19, {number}, output);
        EXPECT_EQ(modelRefusal(file.bytes({input}, {output})),
                  "not a usable .tflite file: it is damaged or not all of it is there");
    }
}

TEST(TfliteModel, RefusesEveryTruncation) {
    const auto whole = everyOperator();
    int taken = 0;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto parsed = parseTflite({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
        taken += parsed.has_value() ? 1 : 0;
        if (!parsed) {
            EXPECT_FALSE(parsed.error().message.empty());
        }
    }
    EXPECT_LE(taken, 8) << "but for the last constant's padding";
}

}  // namespace
}  // namespace livepusher::effects::faces
