// SPDX-License-Identifier: MIT
#include "properties/targets.hpp"

#include "base/ascii.hpp"
#include "base/pasted.hpp"
#include "net/reconnect_spec.hpp"
#include "net/stream_key.hpp"
#include "net/url.hpp"
#include "properties/renditions.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace livepusher::properties {

namespace {

constexpr std::size_t kLongestId = 32;
/// Each has a thread, a socket and a queue.
constexpr std::size_t kMost = 64;

Error wrong(const std::string& what) { return {Code::InvalidArgument, "targets: " + what}; }

bool isId(std::string_view text) {
    const auto fits = [](char c) { return base::isLetterOrDigit(c) || c == '-' || c == '_'; };
    return !text.empty() && text.size() <= kLongestId && std::ranges::all_of(text, fits);
}

Error badId(std::string_view id) {
    return wrong("the id \"" + std::string(id.substr(0, kLongestId)) +
                 "\": must be 1..32 letters, digits, \"-\" and \"_\", as in second=rtmp://host/app/key");
}

/// `name` is "backup" and the like.
Error badValue(const Target& target, std::string_view name, std::string_view value, std::string_view allowed) {
    return wrong(target.id + "." + std::string(name) + " \"" + std::string(value.substr(0, 80)) + "\": must be " +
                 std::string(allowed));
}

Result<void> setUrl(Target& target, std::string_view value) {
    const auto url = base::Url::withoutWrapping(value);
    if (url.find_first_of("\r\n") != url.npos) return wrong(target.id + ": an url is one line");
    target.urls.emplace_back(url);
    return {};
}

Result<void> setStreamKey(Target& target, std::string_view value) {
    auto key = base::parseStreamKey(value);
    if (!key) return wrong(target.id + ": " + key.error().message);
    target.streamKey = std::move(*key);
    return {};
}

Result<void> checkReconnect(const Target& target) {
    if (target.reconnect.empty() || base::ReconnectSpec::parse(target.reconnect)) return {};
    return badValue(target, "reconnect", target.reconnect, "default, vendor, off or COUNTxSECONDS");
}

Result<void> setReconnect(Target& target, std::string_view value) {
    target.reconnect = value;
    return checkReconnect(target);
}

Result<void> setAudioCodec(Target& target, std::string_view value) {
    if (value != "aac" && value != "opus") return badValue(target, "audioCodec", value, "aac or opus");
    target.audioCodec = value == "opus" ? AudioCodec::opus : AudioCodec::aac;
    return {};
}

Result<void> setPreferFirst(Target& target, std::string_view value) {
    if (value != "true" && value != "false") return badValue(target, "preferFirst", value, "true or false");
    target.preferFirst = value == "true";
    return {};
}

Result<void> setBackup(Target& target, std::string_view value) {
    if (value != "cold" && value != "hot") return badValue(target, "backup", value, "cold or hot");
    target.backup = value == "hot" ? Backup::hot : Backup::cold;
    return {};
}

struct Member {
    std::string_view name;
    Result<void> (*set)(Target&, std::string_view);
};
constexpr std::array kMembers{
    Member{"url", setUrl},
    Member{"streamKey", setStreamKey},
    Member{"reconnect", setReconnect},
    Member{"audioCodec", setAudioCodec},
    Member{"preferFirst", setPreferFirst},
    Member{"backup", setBackup},
};

Result<void> set(Target& target, std::string_view name, std::string_view value) {
    const auto member = std::ranges::find(kMembers, name, &Member::name);
    if (member != kMembers.end()) return member->set(target, value);
    const auto numbers = renditionMembers();
    const auto number = std::ranges::find(numbers, name, &RenditionMember::name);
    if (number != numbers.end())
        return number->parse(target, value) ? Result<void>() : badValue(target, name, value, number->allowed);
    std::string names;
    for (const auto& known : kMembers) names += (names.empty() ? "" : ", ") + std::string(known.name);
    for (const auto& known : numbers) names += ", " + std::string(known.name);
    return wrong(target.id + " has no member \"" + std::string(name.substr(0, kLongestId)) + "\": it has " + names);
}

Target& named(std::vector<Target>& targets, std::string_view id) {
    const auto found = std::ranges::find(targets, id, &Target::id);
    if (found != targets.end()) return *found;
    targets.emplace_back().id = id;
    return targets.back();
}

/// The first of the file targets whose path another one has, else none.
std::string twice(const std::vector<Target>& targets) {
    std::set<std::string> paths;
    for (const auto& target : targets)
        for (const auto& text : target.urls)
            if (const auto url = base::Url::parse(text); url && !url->path().empty() && !paths.insert(url->path()).second)
                return url->path();
    return {};
}

Result<void> checkOne(const Target& target, std::set<std::string>& ids) {
    const bool isMain = target.id == kMainTarget;
    if (!isId(target.id)) return badId(target.id);
    if (target.id == kRecordTarget) return wrong("the id \"record\" is the recording's: take another");
    if (!ids.insert(target.id).second) return wrong("there are two of the id " + target.id);
    if (target.urls.empty() && !isMain) return wrong(target.id + " has no url");
    if (isMain && !target.streamKey.empty()) return wrong("main: its key is the property streamKey");
    if (target.backup == Backup::hot && target.urls.size() < (isMain ? 1U : 2U))
        return wrong(target.id + ": backup=hot needs a second url");
    for (const auto& text : target.urls) {
        const auto url = target.streamKey.empty() ? base::Url::parse(text) : base::Url::parse(text, target.streamKey);
        if (!url) return wrong(target.id + ": " + url.error().message);
    }
    return checkReconnect(target);
}

}  // namespace

Result<std::vector<Target>> parseTargets(std::string_view text) {
    std::vector<Target> targets;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = base::withoutWrapping(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) continue;
        const auto equals = line.find('=');
        const auto left = line.substr(0, equals);
        const auto dot = left.find('.');
        if (equals == line.npos || !isId(left.substr(0, dot))) return badId(equals == line.npos ? "" : left.substr(0, dot));
        auto& target = named(targets, left.substr(0, dot));
        const auto name = dot == left.npos ? std::string_view("url") : left.substr(dot + 1);
        if (auto done = set(target, name, line.substr(equals + 1)); !done) return done.error();
    }
    return targets;
}

std::string formatTargets(const std::vector<Target>& targets) {
    std::string text;
    for (const auto& target : targets) {
        const auto line = [&](const std::string& name, const std::string& value) {
            text.append(text.empty() ? "" : "\n").append(target.id).append(name).append("=").append(value);
        };
        for (const auto& url : target.urls) line("", url);
        if (!target.streamKey.empty()) line(".streamKey", target.streamKey);
        if (!target.reconnect.empty()) line(".reconnect", target.reconnect);
        if (target.audioCodec) line(".audioCodec", *target.audioCodec == AudioCodec::opus ? "opus" : "aac");
        if (target.preferFirst) line(".preferFirst", "true");
        if (target.backup == Backup::hot) line(".backup", "hot");
        for (const auto& member : renditionMembers())
            if (const auto& value = target.*member.value) line("." + std::string(member.name), std::to_string(*value));
    }
    return text;
}

Field<Properties> targetsField() {
    return {.type = "list",
            .allowed = "ID=URL, or ID.member=value, a line each",
            .parse =
                [](Properties& p, std::string_view text) {
                    auto targets = parseTargets(text);
                    if (targets) p.targets = std::move(*targets);
                    return targets.has_value();
                },
            .format = [](const Properties& p) { return formatTargets(p.targets); },
            .valid = [](const Properties&) { return true; },  // checkTargets() says what is wrong
            .equal = [](const Properties& a, const Properties& b) { return a.targets == b.targets; },
            .why = [](std::string_view text) -> Result<void> {
                if (const auto targets = parseTargets(text); !targets) return targets.error();
                return {};
            }};
}

const Target* findTarget(const Properties& properties, std::string_view id) {
    const auto found = std::ranges::find(properties.targets, id, &Target::id);
    return found == properties.targets.end() ? nullptr : &*found;
}

std::vector<Target> allTargets(const Properties& properties) {
    Target main{.id = std::string(kMainTarget), .streamKey = properties.streamKey};
    if (const auto* more = findTarget(properties, kMainTarget)) {
        main = *more;
        main.streamKey = properties.streamKey;
    }
    main.urls.insert(main.urls.begin(), properties.url);
    std::vector<Target> all{std::move(main)};
    for (const auto& target : properties.targets)
        if (target.id != kMainTarget) all.push_back(target);
    for (auto& target : all) {
        if (target.reconnect.empty()) target.reconnect = properties.reconnect;
        if (!target.audioCodec) target.audioCodec = properties.audioCodec;
    }
    return all;
}

int soundRendition(const Properties& properties, AudioCodec codec) {
    return codec == properties.audioCodec ? 0 : 1 + static_cast<int>(codec);
}

std::vector<AudioCodec> soundCodecs(const Properties& properties, bool own) {
    std::vector<AudioCodec> codecs;
    const auto add = [&](AudioCodec codec) {
        if (std::ranges::find(codecs, codec) == codecs.end()) codecs.push_back(codec);
    };
    if (own) add(properties.audioCodec);
    for (const auto& target : allTargets(properties)) add(*target.audioCodec);
    return codecs;
}

Result<void> checkTargets(const Properties& properties) {
    if (properties.targets.empty()) return {};
    if (properties.targets.size() > kMost) return wrong("there are more than " + std::to_string(kMost));
    std::set<std::string> ids;
    for (const auto& target : properties.targets)
        if (auto good = checkOne(target, ids); !good) return good;
    const auto resolved = resolve(properties);
    for (const auto& target : properties.targets)
        if (auto good = checkRendition(target, resolved); !good) return wrong(good.error().message);
    if (const auto path = twice(allTargets(properties)); !path.empty()) return wrong("two of them write " + path);
    return {};
}

}  // namespace livepusher::properties
