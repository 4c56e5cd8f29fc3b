// SPDX-License-Identifier: MIT
#include "effects/faces/models.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "media.hpp"
#include "tflite_file.hpp"

namespace livepusher::effects::faces {
namespace {

namespace fs = std::filesystem;

class FaceModels : public ::testing::Test {
protected:
    void SetUp() override {
        directory_ = fs::path(testing::TempDir()) /
                     ("face_models_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::create_directories(directory_);
    }
    void TearDown() override { fs::remove_all(directory_); }

    void write(const std::string& name, const std::vector<std::uint8_t>& bytes) const {
        std::ofstream(directory_ / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    static std::vector<std::uint8_t> real(const std::string& name) {
        std::ifstream file(fs::path(*findModels("")) / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::string refusal() const {
        const auto loaded = loadModels(directory_.string());
        return loaded ? "loaded" : loaded.error().message;
    }

    fs::path directory_;
};

TEST_F(FaceModels, AreLookedForBesideTheProgramAndWhereTheyAreInstalled) {
    const auto places = modelPlaces();
    ASSERT_GE(places.size(), 2U);
    const auto own = fs::canonical("/proc/self/exe").parent_path().parent_path() / "share/livepusher/models";
    EXPECT_EQ(places[0], own.string());
    EXPECT_TRUE(places.back().ends_with("/share/livepusher/models")) << places.back();
}

TEST_F(FaceModels, ThatAreMissingAreToldWithThePlace) {
    const auto found = findModels(directory_.string());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Code::NotAvailable);
    EXPECT_EQ(found.error().message, "the face models face_detector.tflite and face_mesh.tflite are not in " +
                                         directory_.string() + ": set faceModels to the directory that has them");
}

TEST_F(FaceModels, ThatAreOtherNetworksAreRefused) {
    write("face_detector.tflite", everyOperator());
    write("face_mesh.tflite", everyOperator());
    EXPECT_EQ(refusal(), (directory_ / "face_detector.tflite").string() +
                             ": it is not a short-range face detector (128x128 to 896 anchors)");
    LIVEPUSHER_NEEDS(missingModels());
    write("face_detector.tflite", real("face_detector.tflite"));
    write("face_mesh.tflite", real("face_detector.tflite"));
    EXPECT_EQ(refusal(), (directory_ / "face_mesh.tflite").string() + ": it is not a face mesh (192x192 to 468 points)");
}

TEST_F(FaceModels, ThatAreTruncatedAreRefused) {
    LIVEPUSHER_NEEDS(missingModels());
    const auto detector = real("face_detector.tflite"), mesh = real("face_mesh.tflite");
    write("face_mesh.tflite", mesh);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{500}, detector.size() / 2, detector.size() - 1000}) {
        write("face_detector.tflite", {detector.begin(), detector.begin() + static_cast<std::ptrdiff_t>(size)});
        EXPECT_NE(refusal().find("face_detector.tflite: "), std::string::npos) << size << ": " << refusal();
    }
    write("face_detector.tflite", detector);
    EXPECT_EQ(refusal(), "loaded");
    for (std::size_t size = 0; size < mesh.size() - 64; size += mesh.size() / 97) {
        write("face_mesh.tflite", {mesh.begin(), mesh.begin() + static_cast<std::ptrdiff_t>(size)});
        EXPECT_NE(refusal().find("face_mesh.tflite: "), std::string::npos) << size;
    }
}

TEST_F(FaceModels, WithAnyBytesChangedDoNoHarm) {
    LIVEPUSHER_NEEDS(missingModels());
    const auto whole = real("face_detector.tflite");
    std::mt19937 random(5);
    int usable = 0;
    for (int i = 0; i < 150; ++i) {
        auto bytes = whole;
        // What describes the network lies at both ends, weights between.
        for (int changes = 0; changes < 4; ++changes) {
            const std::size_t near = random() % 24000;
            bytes[random() % 2 == 0 ? near : bytes.size() - 1 - near] = static_cast<std::uint8_t>(random());
        }
        const auto parsed = parseTflite(std::move(bytes));
        if (!parsed) continue;
        auto network = Network::build(*parsed);
        if (!network || !network->run()) continue;
        ++usable;
        auto detector = Detector::create(std::move(*network));
        if (detector) {
            EXPECT_TRUE(detector->find(grey(128, 128), {0, 0, 128, 128}));
        }
    }
    std::printf("%d of 150 changed files were still usable\n", usable);
}

}  // namespace
}  // namespace livepusher::effects::faces
