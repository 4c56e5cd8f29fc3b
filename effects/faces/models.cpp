// SPDX-License-Identifier: MIT
#include "effects/faces/models.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/place.hpp"

namespace livepusher::effects::faces {

namespace {

constexpr const char* kDetectorFile = "face_detector.tflite";
constexpr const char* kMeshFile = "face_mesh.tflite";
constexpr std::streamoff kLargest = 16 << 20;  // the larger of both has 1.2 MB

bool isFile(const std::filesystem::path& path) {
    std::error_code failed;
    return std::filesystem::is_regular_file(path, failed);
}

/// Where the code of this function is loaded from: the shared library, or the program that it is linked into.
std::filesystem::path ownDirectory() {
    Dl_info info{};
    if (dladdr(reinterpret_cast<const void*>(&ownDirectory), &info) == 0 || info.dli_fname == nullptr) return {};
    std::error_code failed;
    auto path = std::filesystem::canonical(info.dli_fname, failed);
    // A program is told as it was called, which need not lead to it.
    if (failed) path = std::filesystem::canonical("/proc/self/exe", failed);
    return failed ? std::filesystem::path() : path.parent_path();
}

Result<std::vector<std::uint8_t>> readAll(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const auto size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
    if (size > kLargest) return Error{Code::InvalidArgument, path + ": too large for a face model"};
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::max<std::streamoff>(size, 0)));
    file.seekg(0);
    if (!file.read(reinterpret_cast<char*>(bytes.data()), size)) return Error{Code::InvalidArgument, path + ": can't be read"};
    return bytes;
}

template <typename Model>
Result<Model> load(const std::string& path) {
    auto bytes = readAll(path);
    if (!bytes) return bytes.error();
    const auto named = [&](Error error) {
        error.message = path + ": " + error.message;
        return error;
    };
    const auto parsed = parseTflite(std::move(*bytes));
    if (!parsed) return named(parsed.error());
    auto network = Network::build(*parsed);
    if (!network) return named(network.error());
    auto model = Model::create(std::move(*network));
    if (!model) return named(model.error());
    return model;
}

}  // namespace

std::vector<std::string> modelPlaces() {
    std::vector<std::string> places;
    auto at = ownDirectory();
    // From bin it is one step up, from lib/x86_64-linux-gnu two.
    for (int steps = 0; steps < 2 && at.has_relative_path(); ++steps) {
        at = at.parent_path();
        places.push_back((at / "share/livepusher/models").string());
    }
    if (std::find(places.begin(), places.end(), LIVEPUSHER_MODELS) == places.end()) places.emplace_back(LIVEPUSHER_MODELS);
    return places;
}

Result<std::string> findModels(const std::string& directory) {
    const auto places = directory.empty() ? modelPlaces() : std::vector{base::checkedPath(directory)};
    std::string tried;
    for (const auto& place : places) {
        const auto path = std::filesystem::path(place);
        if (isFile(path / kDetectorFile) && isFile(path / kMeshFile)) return place;
        tried += (tried.empty() ? "" : ", ") + place;
    }
    return Error{Code::NotAvailable,
                 std::string("the face models ") + kDetectorFile + " and " + kMeshFile + " are not in " + tried +
                     (directory.empty() ? ": install them there, or set faceModels to the directory that has them"
                                        : ": set faceModels to the directory that has them")};
}

Result<Models> loadModels(const std::string& directory) {
    const auto place = findModels(directory);
    if (!place) return place.error();
    auto detector = load<Detector>((std::filesystem::path(*place) / kDetectorFile).string());
    if (!detector) return detector.error();
    auto landmarks = load<Landmarks>((std::filesystem::path(*place) / kMeshFile).string());
    if (!landmarks) return landmarks.error();
    return Models{std::move(*detector), std::move(*landmarks)};
}

}  // namespace livepusher::effects::faces
