// SPDX-License-Identifier: MIT
// The reference pages are made from the tables. To renew them: LIVEPUSHER_UPDATE_DOCS=1 and run this test.
#include "../docs_page.hpp"

#include <livepusher/codes.hpp>
#include <livepusher/player_properties.hpp>
#include <livepusher/properties.hpp>

#include <gtest/gtest.h>

#include <span>
#include <sstream>
#include <string>

namespace livepusher {
namespace {

std::string_view word(Severity severity) {
    switch (severity) {
        case Severity::Info: return "info";
        case Severity::Warning: return "warning";
        case Severity::Failure: return "failure";
        case Severity::Call: return "result of a call";
        case Severity::Room: return "room";
    }
    return "";
}

std::string_view word(CodeEvent event) {
    constexpr std::string_view kWords[]{"statechange", "error", "both"};
    return kWords[static_cast<std::size_t>(event)];
}

std::string_view word(Sender sender) {
    switch (sender) {
        case Sender::Pusher: return "pusher";
        case Sender::Player: return "player";
        case Sender::Both: return "both";
    }
    return "";
}

std::string codesPage() {
    std::ostringstream page;
    page
        << "# Codes\n\nMade from `include/livepusher/codes.def`; a test keeps it current. *event*: which event carries it; 20001 "
           "comes by one where a push that is under way finds it. Room codes exist for the documents' sake and are never sent. "
           "*exit*: what the program ends with when a push, or playing, ends by it. A test makes each other one happen.\n\n| "
           "code | name | "
           "kind | event | sent by | exit | meaning | what to do | cause |\n|---|---|---|---|---|---|---|---|---|\n";
    for (const auto& c : allCodes()) {
        const bool told =
            c.code != Code::Ok && c.severity != Severity::Room && (c.severity != Severity::Call || c.event != CodeEvent::State);
        page << "| " << static_cast<int>(c.code) << " | `" << c.name << "` | " << word(c.severity) << " | "
             << (told ? word(c.event) : "") << " | " << word(c.sender) << " | "
             << (c.fault == Fault::Nothing ? "" : std::to_string(static_cast<int>(c.fault))) << " | " << c.text << " | "
             << c.advice << " | " << c.cause << " |\n";
    }
    return page.str();
}

std::string_view word(Applies applies) {
    switch (applies) {
        case Applies::Live: return "live";
        case Applies::Encoder: return "live (encoder restarts)";
        case Applies::Session: return "before start";
    }
    return "";
}

std::string pageOf(const std::string& head, std::span<const PropertyInfo> properties, const std::string& documents) {
    std::ostringstream page;
    page << head
         << "\n\n| property | flag | type | allowed | default | takes effect | meaning |\n|---|---|---|---|---|---|---|\n";
    for (const auto& p : properties) {
        page << "| `" << p.name << "`";
        for (const auto alias : p.aliases) page << " (`" << alias << "`)";
        if (p.extension) page << " +";
        page << " | " << (p.account ? "" : "`--" + p.kebabName + "`") << " | " << p.type << " | " << p.allowed << " | "
             << (!p.defaultValue.empty()                  ? "`" + p.defaultValue + "`"
                 : p.type == "string" || p.type == "list" ? "empty"
                                                          : std::string(p.whenUnset))
             << " | " << word(p.applies) << " | " << p.description << " |\n";
    }
    page << "\n`+`: an extension of this library beyond the " << documents << " documents.\n";
    return page.str();
}

std::string propertiesPage() {
    return pageOf(
        "# Properties\n\nMade from the table in `src/properties/table.cpp`; a test keeps it current. Each is accepted under its "
        "camelCase and its kebab-case name, in `setProperty()`, in `--config` files and as a flag of the program. Explicit "
        "values "
        "beat the mode, the mode beats the defaults; `resolve()` and `livepusher push --print-config` show the outcome.",
        allProperties(), "live-pusher");
}

std::string playerPropertiesPage() {
    return pageOf(
        "# The player's properties\n\nMade from the table in `src/properties/player_table.cpp`; a test keeps it current. Each is "
        "accepted under its camelCase and its kebab-case name, in `setProperty()`, in `--config` files and as a flag of "
        "`livepusher play`. Explicit values beat the mode, the mode beats the defaults: with minCache or maxCache alone the "
        "other "
        "is the mode's, and minCache must not be above maxCache.",
        allPlayerProperties(), "live-room-play");
}

}  // namespace

TEST(Docs, ThePageOfCodesIsCurrent) { testing::expectCurrent("codes.md", codesPage()); }
TEST(Docs, ThePageOfPropertiesIsCurrent) { testing::expectCurrent("properties.md", propertiesPage()); }
TEST(Docs, ThePageOfThePlayersPropertiesIsCurrent) { testing::expectCurrent("player-properties.md", playerPropertiesPage()); }

}  // namespace livepusher
