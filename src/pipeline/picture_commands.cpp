// SPDX-License-Identifier: MIT
#include "pipeline/picture_commands.hpp"

#include "av/picture_writer.hpp"

#include <utility>

namespace livepusher::pipeline {

PictureCommands::PictureCommands(const Lanes& lanes, const Preview& preview, const LaneSettingsStore& settings)
    : lanes_(lanes), preview_(preview), settings_(settings), snapshots_(capture::writePicture) {}

void PictureCommands::snapshot(SnapshotQuality quality, SnapshotSource source, bool toFile, session::Snapshots::Reply reply) {
    if (lanes_.comesCoded()) return reply(Error{Code::InvalidState, "snapshot: the source \"coded\" is not decoded"});
    const auto shown = lanes_.video() ? lanes_.video()->lastShown() : Shown{};
    if (!shown.frame) return reply(Error{Code::InvalidState, "snapshot: there is no picture yet"});
    auto frame = source == SnapshotSource::view ? preview_.view(shown) : shown.frame;
    if (!toFile) return reply(session::Snapshots::resultOf(frame));
    snapshots_.take(std::move(frame), quality, settings_.get()->properties.snapshotDirectory, std::move(reply));
}

Result<void> PictureCommands::sendMessage(std::string text) {
    constexpr std::size_t kMaxBytes = 1024;
    if (text.empty() || text.size() > kMaxBytes)
        return Error{Code::InvalidArgument, "msg of " + std::to_string(text.size()) + " bytes: must be 1..1024 bytes"};
    if (lanes_.comesCoded()) return Error{Code::InvalidState, "the source \"coded\" goes out as it is, with no messages added"};
    if (!lanes_.video()) return Error{Code::InvalidState, "this push has no picture: messages go with the pictures"};
    if (!lanes_.video()->addMessage(std::move(text)))
        return Error{Code::InvalidState, "32 messages are waiting for the next frame already; send fewer"};
    return {};
}

}  // namespace livepusher::pipeline
