// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>

#include "json/json.hpp"
#include "json/property_values.hpp"
#include "json/targets.hpp"
#include "properties/table.hpp"

#include <utility>

namespace livepusher {

Result<PropertyTexts> propertyTexts(std::string_view text) { return json::textsOf<Properties>(text); }

Result<void> setProperties(Properties& properties, const PropertyTexts& texts) { return json::setAll(properties, texts); }

Result<void> updateProperties(LivePusherContext& context, PropertyTexts texts, CallOptions options) {
    return json::updateAll<Properties>(context, std::move(texts), std::move(options));
}

std::string toJson(const Properties& properties) {
    auto object = json::objectOf(properties);
    object["targets"] = json::targetsJson(properties.targets);
    return json::toLine(object);
}

std::string toJson(const Resolved& resolved) {
    Properties chosen;
    chosen.mode = resolved.mode;
    chosen.audioCodec = resolved.audioCodec;
    return json::toLine({{"mode", properties::find<Properties>("mode")->field.format(chosen)},
                         {"autopush", resolved.autopush},
                         {"width", resolved.width},
                         {"height", resolved.height},
                         {"minWidth", resolved.minWidth},
                         {"minHeight", resolved.minHeight},
                         {"fps", resolved.fps},
                         {"gop", resolved.gop},
                         {"startBitrate", resolved.startBitrate},
                         {"minBitrate", resolved.minBitrate},
                         {"maxBitrate", resolved.maxBitrate},
                         {"audioSampleRate", resolved.audioSampleRate},
                         {"audioChannels", resolved.audioChannels},
                         {"audioBitrate", resolved.audioBitrate},
                         {"audioCodec", properties::find<Properties>("audioCodec")->field.format(chosen)},
                         {"lowLatency", resolved.lowLatency},
                         {"video", resolved.video},
                         {"audio", resolved.audio},
                         {"notes", resolved.notes}});
}

std::string propertyTableJson() { return json::tableJson(allProperties()); }

}  // namespace livepusher
