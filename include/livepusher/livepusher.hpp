// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/coded.hpp>
#include <livepusher/codes.hpp>
#include <livepusher/context.hpp>
#include <livepusher/devices.hpp>
#include <livepusher/effects.hpp>
#include <livepusher/error.hpp>
#include <livepusher/events.hpp>
#include <livepusher/json.hpp>
#include <livepusher/log.hpp>
#include <livepusher/media.hpp>
#include <livepusher/preview.hpp>
#include <livepusher/properties.hpp>

/// The live-pusher contract in C++. LivePusherContext is where to begin.
namespace livepusher {}
