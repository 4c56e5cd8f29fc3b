// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace livepusher {

/// What went wrong. `message` is for people: it holds the value and what is allowed or what to do,
/// and never a stream key or a password.
struct Error {
    Code code = Code::Ok;    ///< what kind of thing
    std::string message;     ///< one line, without a newline at its end
    int native = 0;          ///< errno, AVERROR or the like; 0 when there is none
    bool permanent = false;  ///< trying the same again can't help (a bad certificate, a wrong key)
};

/// Value or Error: a subset of C++23's std::expected<T, Error>, so that it can become an alias of it.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : storage_(std::in_place_index<0>, std::move(value)) {}      ///< success
    Result(Error error) : storage_(std::in_place_index<1>, std::move(error)) {}  ///< failure

    bool has_value() const noexcept { return storage_.index() == 0; }  ///< whether it is a success
    explicit operator bool() const noexcept { return has_value(); }    ///< whether it is a success

    /// The value, only of a success.
    T& operator*() & { return *std::get_if<0>(&storage_); }
    /// The value, only of a success.
    const T& operator*() const& { return *std::get_if<0>(&storage_); }
    /// The value, only of a success.
    T&& operator*() && { return std::move(*std::get_if<0>(&storage_)); }
    /// The value's member, only of a success.
    T* operator->() { return std::get_if<0>(&storage_); }
    /// The value's member, only of a success.
    const T* operator->() const { return std::get_if<0>(&storage_); }
    /// Only of a failure.
    const Error& error() const {
        assert(!has_value());
        return *std::get_if<1>(&storage_);
    }

private:
    std::variant<T, Error> storage_;
};

/// Success without a value, or Error.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;                                                          ///< success
    Result(Error error) : storage_(std::in_place_index<1>, std::move(error)) {}  ///< failure

    bool has_value() const noexcept { return storage_.index() == 0; }  ///< whether it is a success
    explicit operator bool() const noexcept { return has_value(); }    ///< whether it is a success
    /// Only of a failure.
    const Error& error() const {
        assert(!has_value());
        return *std::get_if<1>(&storage_);
    }

private:
    std::variant<std::monostate, Error> storage_;
};

}  // namespace livepusher
