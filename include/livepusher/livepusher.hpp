// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>
#include <livepusher/context.hpp>
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
