// SPDX-License-Identifier: MIT
#pragma once

#include "json.hpp"

#include <livepusher/context.hpp>
#include <livepusher/player.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace program {

/// A push or a player as requests see it: by names and JSON. [main]
class Controllable {
public:
    /// As livepusher::callMethod().
    virtual livepusher::Result<void> call(const std::string& method, const std::string& options, livepusher::JsonResult done) = 0;
    virtual std::vector<std::string_view> methods() const = 0;
    /// As livepusher::propertyTexts().
    virtual livepusher::Result<livepusher::PropertyTexts> texts(const std::string& json) const = 0;
    /// As livepusher::updateProperties().
    virtual livepusher::Result<void> update(livepusher::PropertyTexts texts, livepusher::CallOptions options) = 0;
    virtual Json properties() const = 0;  ///< for people: what is secret is hidden
    virtual Json netStatus() const = 0;
    virtual std::string_view state() const = 0;

protected:
    ~Controllable() = default;
};

class ControllablePush final : public Controllable {
public:
    explicit ControllablePush(livepusher::LivePusherContext& context) : context_(context) {}
    livepusher::Result<void> call(const std::string& method, const std::string& options, livepusher::JsonResult done) override;
    std::vector<std::string_view> methods() const override;
    livepusher::Result<livepusher::PropertyTexts> texts(const std::string& json) const override;
    livepusher::Result<void> update(livepusher::PropertyTexts texts, livepusher::CallOptions options) override;
    Json properties() const override;
    Json netStatus() const override;
    std::string_view state() const override;

private:
    livepusher::LivePusherContext& context_;
};

class ControllablePlayer final : public Controllable {
public:
    explicit ControllablePlayer(livepusher::LivePlayerContext& context) : context_(context) {}
    livepusher::Result<void> call(const std::string& method, const std::string& options, livepusher::JsonResult done) override;
    std::vector<std::string_view> methods() const override;
    livepusher::Result<livepusher::PropertyTexts> texts(const std::string& json) const override;
    livepusher::Result<void> update(livepusher::PropertyTexts texts, livepusher::CallOptions options) override;
    Json properties() const override;
    Json netStatus() const override;
    std::string_view state() const override;

private:
    livepusher::LivePlayerContext& context_;
};

}  // namespace program
