// SPDX-License-Identifier: MIT
#include "effects/cube_file.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cmath>
#include <filesystem>
#include <sstream>
#include <string>

namespace livepusher::effects {
namespace {

Result<Cube> parse(const std::string& text) {
    std::istringstream stream(text);
    return Cube::parse(stream);
}

/// Its size's nodes, each as it is.
std::string identity(int size) {
    std::string text = "LUT_3D_SIZE " + std::to_string(size) + "\n";
    for (int b = 0; b < size; ++b)
        for (int g = 0; g < size; ++g)
            for (int r = 0; r < size; ++r) {
                const auto at = [&](int i) { return std::to_string(static_cast<double>(i) / (size - 1)) + " "; };
                text += at(r) + at(g) + at(b) + "\n";
            }
    return text;
}

void expectNear(const Rgb& a, const Rgb& b) {
    EXPECT_NEAR(a.r, b.r, 1e-4);
    EXPECT_NEAR(a.g, b.g, 1e-4);
    EXPECT_NEAR(a.b, b.b, 1e-4);
}

TEST(CubeFile, InterpolatesBetweenItsNodes) {
    for (const int size : {2, 3, 17, 65}) {
        const auto cube = parse(identity(size));
        ASSERT_TRUE(cube) << cube.error().message;
        for (const auto& colour : {Rgb{0, 0, 0}, Rgb{1, 1, 1}, Rgb{0.3F, 0.62F, 0.11F}, Rgb{1, 0, 0.5F}})
            expectNear((*cube)(colour), colour);
    }
}

TEST(CubeFile, CountsRedFastest) {
    const auto cube = parse("LUT_3D_SIZE 2\n0 0 0\n.1 0 0\n0 .2 0\n0 0 0\n0 0 .3\n0 0 0\n0 0 0\n0 0 0\n");
    ASSERT_TRUE(cube);
    expectNear((*cube)({1, 0, 0}), {0.1F, 0, 0});
    expectNear((*cube)({0, 1, 0}), {0, 0.2F, 0});
    expectNear((*cube)({0, 0, 1}), {0, 0, 0.3F});
}

TEST(CubeFile, TakesCurvesCommentsTitlesDomainsAndForeignLineEnds) {
    const auto cube = parse(
        "\xEF\xBB\xBF# by hand\r\nTITLE \"a # b\"\r\n\r\n  LUT_1D_SIZE 3\r\nDOMAIN_MIN -1 -1 -1\r\nDOMAIN_MAX 1 1 3\r\n"
        "0 0 0\r\n+.5 5e-1 0.25\r\n# between\r\n1 1 1");
    ASSERT_TRUE(cube) << cube.error().message;
    EXPECT_FALSE(cube->threeDimensional());
    EXPECT_EQ(cube->size(), 3U);
    expectNear((*cube)({0, 0.5F, 1}), {0.5F, 0.75F, 0.25F});
    expectNear((*cube)({-3, 9, 3}), {0, 1, 1});  // outside: as at the edge
}

TEST(CubeFile, StaysFiniteWhateverItsNumbers) {
    const auto cube =
        parse("LUT_1D_SIZE 2\nDOMAIN_MIN -3e38 -3e38 0\nDOMAIN_MAX 3e38 3e38 1e-37\n-3e38 3e38 -3e38\n3e38 -3e38 3e38\n");
    ASSERT_TRUE(cube) << cube.error().message;
    const auto made = (*cube)({0.5F, 0, 0});
    for (const float value : {made.r, made.g, made.b}) EXPECT_TRUE(std::isfinite(value));
}

TEST(CubeFile, TellsLineAndReasonOfWhatItCantUse) {
    struct Case {
        std::string text, message;
    };
    const std::string two = "LUT_3D_SIZE 2\n";
    const std::string seven = "0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n";
    const Case cases[]{
        {"", "line 0: the end, and neither LUT_3D_SIZE nor LUT_1D_SIZE"},
        {"# only this\n", "line 1: the end, and neither LUT_3D_SIZE nor LUT_1D_SIZE"},
        {"LUT_3D_SIZE 1\n", "line 1: LUT_3D_SIZE \"1\": must be 2..65"},
        {"LUT_3D_SIZE 66\n", "line 1: LUT_3D_SIZE \"66\": must be 2..65"},
        {"LUT_3D_SIZE 99999999999999999999\n", "line 1: LUT_3D_SIZE \"99999999999999999999\": must be 2..65"},
        {"LUT_3D_SIZE -2\n", "line 1: LUT_3D_SIZE \"-2\": must be 2..65"},
        {"LUT_3D_SIZE\n", "line 1: LUT_3D_SIZE \"\": must be 2..65"},
        {"LUT_3D_SIZE 2 2\n", "line 1: LUT_3D_SIZE \"2\": must be 2..65"},
        {"LUT_1D_SIZE 70000\n", "line 1: LUT_1D_SIZE \"70000\": must be 2..65536"},
        {two + "LUT_1D_SIZE 2\n", "line 2: LUT_3D_SIZE or LUT_1D_SIZE a second time"},
        {"0 0 0\n", "line 1: numbers before LUT_3D_SIZE or LUT_1D_SIZE"},
        {two + "0 0\n", "line 2: a row: three numbers are needed"},
        {two + "0 0 0 0\n", "line 2: a row: \"0\" is too much"},
        {two + "0 0 x\n", "line 2: \"x\" is not a finite number"},
        {two + "0 nan 0\n", "line 2: \"nan\" is not a finite number"},
        {two + "nan 0 0\n", "line 2: \"nan\" is not a finite number"},
        {two + "0 0 inf\n", "line 2: \"inf\" is not a finite number"},
        {two + "0 0 1e99\n", "line 2: \"1e99\" is not a finite number"},
        {two + "0 0 0,5\n", "line 2: \"0,5\" is not a finite number"},
        {two + seven, "line 8: the end after 7 rows of 8"},
        {two + seven + "0 0 0\n\n0 0 0\n", "line 11: more than the 8 rows of its size"},
        {two + "DOMAIN_MIN 0 0\n", "line 2: DOMAIN_MIN: three numbers are needed"},
        {two + "DOMAIN_MIN 1 0 0\nDOMAIN_MAX 1 1 1\n" + seven + "0 0 0\n",
         "line 11: the end: DOMAIN_MIN must be below DOMAIN_MAX in each colour"},
        {"\x89PNG\r\n", "line 1: \"\x89PNG\" is not a keyword of a .cube file"},
        {std::string(5000, ' '), "line 1: 5000 characters: no line of a .cube file is longer than 1024"},
    };
    for (const auto& [text, message] : cases) {
        const auto cube = parse(text);
        ASSERT_FALSE(cube) << text;
        EXPECT_EQ(cube.error().message, message);
        EXPECT_EQ(cube.error().code, Code::InvalidArgument);
    }
}

TEST(CubeFile, NamesTheFileThatIsMissingOrIsNone) {
    const auto missing = Cube::load("/nowhere/look.cube");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().message, "\"/nowhere/look.cube\": there is no such file");
    const auto folder = Cube::load(std::filesystem::temp_directory_path().string());
    EXPECT_FALSE(folder);
    const auto far = Cube::load("file://elsewhere/look.cube");
    ASSERT_FALSE(far);
    EXPECT_EQ(far.error().message, "\"file://elsewhere/look.cube\": host \"elsewhere\": must be file:///PATH");
    const auto decoded = Cube::load("file:///nowhere/a%20b.cube");
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().message, "\"/nowhere/a b.cube\": there is no such file");
}

TEST(CubeFile, RefusesAPipeWithoutWaitingForItsWriter) {
    const auto path = std::filesystem::path(testing::TempDir()) / "livepusher-pipe.cube";
    std::filesystem::remove(path);
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    const auto pipe = Cube::load(path.string());
    std::filesystem::remove(path);
    ASSERT_FALSE(pipe);
    EXPECT_NE(pipe.error().message.find("a device, pipe or socket: must be a file"), std::string::npos) << pipe.error().message;
}

}  // namespace
}  // namespace livepusher::effects
