// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <functional>

namespace livepusher::session {

/// Takes what a method of the application has come to. Called once, on control where nothing else is said.
template <typename T>
using ReplyWith = std::function<void(Result<T>)>;
using Reply = ReplyWith<void>;

}  // namespace livepusher::session
