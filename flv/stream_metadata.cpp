// SPDX-License-Identifier: MIT
#include "flv/stream_metadata.hpp"

#include "flv/amf.hpp"
#include "net/server_text.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kMostFields = 64;

}  // namespace

std::optional<StreamMetadata> readMetadata(std::span<const std::uint8_t> body, const std::vector<std::string>& secrets) {
    AmfReader reader(body);
    auto name = reader.next();
    if (name && name->string == "@setDataFrame") name = reader.next();  // some servers pass it on
    if (!name || name->string != "onMetaData") return std::nullopt;
    const auto values = reader.next();
    if (!values || values->type != AmfValue::Type::Object) return std::nullopt;
    StreamMetadata out;
    for (const auto& member : values->members) {
        using enum AmfValue::Type;
        if (out.fields.size() == kMostFields) break;
        if (member.type != Number && member.type != Boolean && member.type != String) continue;
        auto& field = out.fields.emplace_back();
        field.name = serverText(member.name, secrets);
        if (member.type == String)
            field.text = serverText(member.string, secrets);
        else
            field.number = member.number;
    }
    return out;
}

}  // namespace livepusher::rtmp
