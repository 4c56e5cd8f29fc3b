// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include "effects_parser.hpp"
#include "help_text.hpp"
#include "names.hpp"
#include "play_parser.hpp"
#include "property_flags.hpp"
#include "push_parser.hpp"
#include "secrets.hpp"

#include <algorithm>

namespace program {

namespace {

std::string unknownCommand(const std::vector<std::string>& extras) {
    static const std::vector<std::string> known{"push", "play", "devices", "encoders", "effects", "--help", "--version"};
    const std::string name = scrub(extras.empty() ? "" : extras.front());
    if (name.find("://") != std::string::npos)
        return "a URL alone is no command; did you mean livepusher push URL, or livepusher play URL?";
    return "unknown " + std::string(name.starts_with("-") ? "option " : "command ") + name + suggestion(name, known);
}

/// A subcommand that lists something.
CLI::App* addList(CLI::App& app, const char* name, const char* description, const char* footer, ListArguments& wanted) {
    auto* command = app.add_subcommand(name, description);
    command->footer(footer);
    command->add_flag("--json", wanted.json, "JSON on stdout")->group("Options");
    return command;
}

CommandLine refuse(const std::string& message, const std::string& help) {
    return {.text = "livepusher: " + scrub(message) + "\n  (" + help + " tells more)\n", .exitCode = kBadArguments};
}

}  // namespace

CommandLine parseCommandLine(std::span<char*> arguments) {
    CLI::App app{kProgramDescription, "livepusher"};
    app.formatter(std::make_shared<HelpFormatter>());
    app.footer(kProgramFooter);
    app.set_version_flag("--version", "livepusher " LIVEPUSHER_VERSION, "show the version");
    app.get_formatter()->label("SUBCOMMAND", "COMMAND");
    app.set_help_flag("-h,--help", "show this");
    app.require_subcommand(0, 1);

    const PushParser push(app);
    const PlayParser play(app);
    ListArguments devicesWanted, encodersWanted;
    const auto* devices = addList(app, "devices", kDevicesDescription, kDevicesFooter, devicesWanted);
    const auto* encoders = addList(app, "encoders", kEncodersDescription, kEncodersFooter, encodersWanted);
    const EffectsParser effects(app);

    auto normal = normalizeFlags({arguments.begin() + 1, arguments.end()});
    std::reverse(normal.begin(), normal.end());  // CLI11 takes them from the back
    const Environment environment{.url = takeFromEnvironment("LIVEPUSHER_URL"),
                                  .streamKey = takeFromEnvironment("LIVEPUSHER_STREAM_KEY")};
    // "livepusher push", as far as a command was found.
    const auto called = [&] {
        const auto parsed = app.get_subcommands();
        return "livepusher" + (parsed.empty() ? "" : " " + parsed.front()->get_name());
    };
    const auto help = [&] { return called() + " --help"; };
    try {
        app.parse(std::move(normal));
    } catch (const CLI::Success&) {  // --help, --version
        const bool version = app.get_option("--version")->count() > 0;
        if (version) return {.text = "livepusher " LIVEPUSHER_VERSION "\n"};
        const auto parsed = app.get_subcommands();
        return {.text = parsed.empty() ? app.help() : parsed.front()->help(called())};
    } catch (const CLI::ExtrasError&) {
        for (const auto* list : {devices, encoders})
            if (list->parsed()) return refuse(list->get_name() + " takes no argument but --json", help());
        return refuse(unknownCommand(app.remaining()), "livepusher --help");
    } catch (const CLI::ArgumentMismatch& error) {
        const std::string text = error.what();  // "--fps: 1 required TEXT missing"
        return refuse(text.substr(0, text.find(':')) + " needs a value", help());
    } catch (const CLI::ParseError& error) {
        return refuse(error.what(), help());
    }
    if (devices->parsed()) return {.devices = devicesWanted};
    if (encoders->parsed()) return {.encoders = encodersWanted};
    maskArguments(arguments.subspan(1), play.parsed() ? play.url() : push.url());
    if (effects.parsed()) {
        auto checked = effects.arguments();
        if (!checked) return refuse(checked.error().message, help());
        return {.effects = std::move(*checked)};
    }
    if (push.parsed()) {
        auto checked = push.arguments(environment);
        if (!checked) return refuse(checked.error().message, help());
        return {.push = std::move(*checked)};
    }
    if (play.parsed()) {
        auto checked = play.arguments(environment);
        if (!checked) return refuse(checked.error().message, help());
        return {.play = std::move(*checked)};
    }
    return {.text = app.help(), .exitCode = kBadArguments};
}

}  // namespace program
