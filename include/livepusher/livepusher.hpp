// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/calls.hpp>
#include <livepusher/coded.hpp>
#include <livepusher/codes.hpp>
#include <livepusher/context.hpp>
#include <livepusher/context_options.hpp>
#include <livepusher/devices.hpp>
#include <livepusher/effects.hpp>
#include <livepusher/error.hpp>
#include <livepusher/events.hpp>
#include <livepusher/json.hpp>
#include <livepusher/log.hpp>
#include <livepusher/media.hpp>
#include <livepusher/message.hpp>
#include <livepusher/names.hpp>
#include <livepusher/player.hpp>
#include <livepusher/player_events.hpp>
#include <livepusher/player_json.hpp>
#include <livepusher/player_options.hpp>
#include <livepusher/player_properties.hpp>
#include <livepusher/preview.hpp>
#include <livepusher/properties.hpp>
#include <livepusher/sources.hpp>
#include <livepusher/volume.hpp>

/// The live-pusher contract in C++: LivePusherContext pushes a stream, LivePlayerContext plays one.
namespace livepusher {}
