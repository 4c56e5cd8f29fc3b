// SPDX-License-Identifier: MIT
#include "capture/camera/identity.hpp"

#include <dirent.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <tuple>

#include "base/ascii.hpp"
#include "base/read_file.hpp"

namespace livepusher::capture {
namespace {

namespace fs = std::filesystem;

bool isNumber(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> namesIn(const char* folder) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder), closedir);
    if (!open) return names;
    while (const auto* entry = readdir(open.get())) names.emplace_back(entry->d_name);  // NOLINT(concurrency-mt-unsafe): own DIR
    return names;
}

std::string fromSysfs(const std::string& path, const char* what) {
    constexpr std::size_t kMost = 4096;
    const auto text = base::readBeginning("/sys/class/video4linux/" + fs::path(path).filename().string() + "/" + what, kMost);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

/// Fit for a command line: no spaces, nothing that a source description or a shell takes for its own.
std::string plain(std::string text) {
    for (char& c : text)
        if (!base::isLetterOrDigit(c) && std::string_view("-_.:").find(c) == std::string_view::npos) c = '_';
    return text;
}

/// A camera has a node for each of its streams, which bus and name alone don't tell apart.
std::string indexOf(const std::string& path) {
    const auto index = fromSysfs(path, "index");
    return isNumber(index) ? index : "0";
}

std::string resolved(const std::string& path) {
    std::error_code error;
    const auto target = fs::canonical(path, error);
    return error ? path : target.string();
}

}  // namespace

std::string linkTo(const std::string& path) {
    const std::string folder = "/dev/v4l/by-id";
    for (const auto& name : namesIn(folder.c_str()))
        if (!name.starts_with('.') && resolved(folder + "/" + name) == path) return name;
    return {};
}

CameraIdentity identityOf(const V4l2Node& camera) {
    CameraIdentity identity{.path = resolved(camera.path()), .link = {}, .bus = {}, .name = camera.card()};
    identity.link = linkTo(identity.path);
    identity.bus = plain(camera.bus() + "-" + camera.card() + "-index" + indexOf(identity.path));
    return identity;
}

CameraIdentity identityOfClosed(const std::string& path) {
    CameraIdentity identity{.path = resolved(path), .link = {}, .bus = {}, .name = {}};
    identity.link = linkTo(identity.path);
    identity.bus = identity.path;
    identity.name = fromSysfs(identity.path, "name");
    return identity;
}

std::string pathOf(const std::string& id) {
    if (isNumber(id)) return "/dev/video" + id;
    return id.find('/') != std::string::npos ? id : std::string{};
}

bool CameraIdentity::answersTo(const std::string& text) const {
    const auto asked = pathOf(text);
    return asked.empty() ? text == link || text == bus || text == name : resolved(asked) == path;
}

std::vector<std::string> videoNodes() {
    std::vector<std::string> found;
    for (const auto& name : namesIn("/dev"))
        if (name.starts_with("video") && isNumber(std::string_view(name).substr(5))) found.push_back("/dev/" + name);
    std::ranges::sort(found, [](const auto& a, const auto& b) { return std::tuple(a.size(), a) < std::tuple(b.size(), b); });
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace livepusher::capture
