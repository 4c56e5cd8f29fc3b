// SPDX-License-Identifier: MIT
#include "run_options.hpp"

#include <livepusher/names.hpp>

#include "errors.hpp"
#include "names.hpp"
#include "property_flags.hpp"
#include "secrets.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace program {

namespace {

using livepusher::Result;

Result<livepusher::LogLevel> parseLogLevel(const std::string& text) {
    const auto* found = std::ranges::find(kLogLevels, text);
    if (found != kLogLevels.end()) return static_cast<livepusher::LogLevel>(found - kLogLevels.begin());
    return invalid("--log-level " + text + ": must be trace, debug, info, warning, error or off");
}

Result<double> parseDuration(const std::string& text) {
    constexpr double kLongest = 1e7;  // 115 days; far enough from what a timer can count
    char* end = nullptr;
    const double seconds = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(seconds) || seconds <= 0 || seconds > kLongest) {
        return invalid("--duration " + text + ": must be seconds, more than 0 and at most 10000000");
    }
    return seconds;
}

}  // namespace

RunOptions::RunOptions(CLI::App& command, const Texts& texts) : command_(command) {
    const auto text = [&command](const char* name, std::string& value, const char* placeholder, const char* help) {
        command.add_option(name, value, help)->group("Options")->option_text(placeholder)->take_last();
    };
    const auto flag = [&command](const char* name, bool& value, const char* help) {
        command.add_flag(name, value, help)->group("Options");
    };
    command.allow_extras();
    command.add_option("URL", url_);
    text("--duration", duration_, "S", texts.duration);
    text("--record", raw_.recordPath, "FILE", texts.record);
    text("--url-file", urlFile_, "FILE", "read the URL from the first line of a file");
    text("--config", config_, "FILE.json", "read properties from a JSON object; flags beat it");
    text("--control", raw_.controlPath, "SOCKET", "take commands on a Unix socket, see below");
    flag("--json", raw_.json, "events on stdout, one JSON object a line");
    flag("--quiet", raw_.quiet, "no status, no summary; errors only");
    text("--log-level", logLevel_, "L", "trace, debug, info, warning, error or off [warning]");
    flag("--print-config", raw_.printConfig, texts.printConfig);
}

Result<RunArguments> RunOptions::arguments() const {
    RunArguments run = raw_;
    if (!duration_.empty()) {
        const auto duration = parseDuration(duration_);
        if (!duration) return duration.error();
        run.duration = *duration;
    }
    if (!logLevel_.empty()) {
        const auto level = parseLogLevel(logLevel_);
        if (!level) return level.error();
        run.logLevel = *level;
    }
    return run;
}

Result<std::string> RunOptions::url(const std::string& fromFlag, const std::string& fromEnvironment) const {
    const int given = int{!url_.empty()} + int{!fromFlag.empty()} + int{!urlFile_.empty()};
    if (given > 1) return invalid("the URL was given more than once: URL, --url and --url-file are three ways to say the same");
    if (!url_.empty()) return url_;
    if (!fromFlag.empty()) return fromFlag;
    return urlFile_.empty() ? fromEnvironment : readFirstLine(urlFile_);
}

Result<void> RunOptions::refuseExtras(const std::string& takes) const {
    const auto extras = command_.remaining();
    if (extras.empty()) return {};
    const auto flag =
        std::ranges::find_if(extras, [](const std::string& extra) { return extra.starts_with("-") && extra != "--"; });
    if (flag == extras.end()) {  // not repeated: it may be a stream key
        return invalid(command_.get_name() + " takes one argument, " + takes + "; there are " +
                       std::to_string(extras.size() + 1) + " (a switch takes true or false; a value with a blank needs quotes)");
    }
    const std::string name = flag->substr(0, flag->find('='));
    const std::string plain = "--" + livepusher::kebabCase(name.substr(std::min(name.find_first_not_of('-'), name.size())));
    for (const char* other : {"push", "play"}) {
        if (command_.get_parent()->get_subcommand(other)->get_option_no_throw(plain) != nullptr)
            return invalid(name + " means nothing to " + command_.get_name() + ": it is for " + other);
    }
    return unknownOption(command_, name);
}

}  // namespace program
