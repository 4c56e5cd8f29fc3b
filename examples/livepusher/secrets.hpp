// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <span>
#include <string>
#include <string_view>

namespace program {

/// The URL as people may see it: "rtmp://host/app/***". A file's path stays as it is. `keyApart`: the stream key is no part of
/// it.
std::string redactUrl(std::string_view url, bool keyApart = false);

/// `text` with the key and the password of every URL to push to in it replaced by "***".
std::string scrub(std::string_view text);

/// `text` with stars in place of the user and password of a URL in it.
std::string hidePassword(std::string text);

/// Stars over what is secret in `url`, in place: user, password, and all behind the app.
void maskUrl(std::span<char> url);

/// Masks `url` wherever it stands in the arguments, the value of --stream-key, and every password in another URL, so that `ps`
/// doesn't show them.
void maskArguments(std::span<char*> arguments, std::string_view url);

/// Value of the environment's `name`, which is overwritten and removed; empty when it isn't set.
std::string takeFromEnvironment(const char* name);

/// The first line of a file, without a byte order mark and the spaces around it. `alone`: it is a stream key, and no other line
/// may be there.
livepusher::Result<std::string> readFirstLine(const std::string& path, bool alone = false);

}  // namespace program
