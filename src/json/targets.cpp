// SPDX-License-Identifier: MIT
#include "json/targets.hpp"

#include <livepusher/properties.hpp>

#include "json/options.hpp"
#include "properties/renditions.hpp"

#include <utility>

namespace livepusher::json {

namespace {

bool isLine(const Json& text) {
    return text.is_string() && text.get_ref<const std::string&>().find_first_of("\r\n") == std::string::npos;
}

Result<void> readUrls(const Json& object, Target& target) {
    const bool one = object.contains("url"), several = object.contains("urls");
    if (one && several) return Error{Code::InvalidArgument, "url stands for urls with one: leave out one of them"};
    if (!one && !several) return {};
    const auto wrong = Error{Code::InvalidArgument,
                             one ? "url: must be a string of one line" : "urls: must be an array of strings, a line each"};
    const Json urls = one ? Json::array({object["url"]}) : object["urls"];
    if (!urls.is_array()) return wrong;
    target.urls.clear();
    for (const auto& url : urls) {
        if (!isLine(url)) return wrong;
        target.urls.push_back(url.get<std::string>());
    }
    return {};
}

/// null: as the push has it.
void readNumber(Options& options, const Json& object, const std::string& name, std::optional<int>& value) {
    if (!object.contains(name)) return;
    if (object[name].is_null())
        value.reset();
    else
        value = options.whole(name.c_str(), 0);
}

}  // namespace

Result<void> changeTarget(Target& target, const Json& object) {
    if (!object.is_object()) return Error{Code::InvalidArgument, "a target: must be an object"};
    Options options(object, {"id", "url", "urls", "streamKey", "reconnect", "audioCodec", "preferFirst", "backup", "videoWidth",
                             "videoHeight", "fps", "maxBitrate"});
    target.id = options.text("id", target.id);
    target.streamKey = options.text("streamKey", target.streamKey);
    target.reconnect = options.text("reconnect", target.reconnect);
    if (object.contains("audioCodec"))
        target.audioCodec = options.choice("audioCodec", "aac", "opus") ? AudioCodec::opus : AudioCodec::aac;
    target.preferFirst = options.flag("preferFirst", target.preferFirst);
    if (object.contains("backup")) target.backup = options.choice("backup", "cold", "hot") ? Backup::hot : Backup::cold;
    for (const auto& member : properties::renditionMembers())
        readNumber(options, object, std::string(member.name), target.*member.value);
    if (auto checked = options.checked(); !checked) return checked;
    return readUrls(object, target);
}

Result<Target> readTarget(const Json& object) {
    Target target;
    if (auto read = changeTarget(target, object); !read) return read.error();
    if (target.id.empty()) return Error{Code::InvalidArgument, "a target: id is missing"};
    return target;
}

Result<std::vector<Target>> readTargets(const Json& array) {
    std::vector<Target> targets;
    for (const auto& object : array) {
        auto target = readTarget(object);
        if (!target) return Error{Code::InvalidArgument, "targets: " + target.error().message};
        targets.push_back(std::move(*target));
    }
    return targets;
}

Json targetsJson(const std::vector<Target>& targets) {
    Json array = Json::array();
    for (const auto& target : targets) {
        array.push_back({{"id", target.id},
                         {"urls", target.urls},
                         {"streamKey", target.streamKey},
                         {"reconnect", target.reconnect},
                         {"preferFirst", target.preferFirst},
                         {"backup", target.backup == Backup::hot ? "hot" : "cold"}});
        if (target.audioCodec) array.back()["audioCodec"] = *target.audioCodec == AudioCodec::opus ? "opus" : "aac";
        for (const auto& member : properties::renditionMembers())
            if (const auto& value = target.*member.value) array.back()[std::string(member.name)] = *value;
    }
    return array;
}

}  // namespace livepusher::json
