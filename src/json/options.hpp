// SPDX-License-Identifier: MIT
#pragma once

#include "json/json.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace livepusher::json {

/// Reads an object's members and keeps the first thing that is wrong with them.
class Options {
public:
    Options(const Json& object, std::initializer_list<std::string_view> known);

    std::string text(const char* name, const std::optional<std::string>& otherwise = {});  ///< required unless `otherwise`
    std::vector<std::string> texts(const char* name);                                      ///< unset: none
    bool flag(const char* name, bool otherwise);
    double number(const char* name);  ///< required; also one in quotes: the documents have both
    int whole(const char* name, int otherwise);
    bool choice(const char* name, const char* first, const char* second);  ///< whether it is the second; unset is the first

    void complain(const std::string& what);
    Result<void> checked() const;  ///< InvalidArgument with the first complaint

private:
    /// Null where it is not there, or is none that `fits`.
    const Json* find(const char* name, bool optional, bool (*fits)(const Json&), const char* must);

    const Json& object_;
    std::string problem_;
};

}  // namespace livepusher::json
