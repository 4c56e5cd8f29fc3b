// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/export.hpp>

#include <span>
#include <string_view>

namespace livepusher {

/// Every number that a `statechange` or `error` event or a method's result can carry. The values
/// are the live-pusher documents' own and never change; 20001 and up are this library's.
enum class Code : int {
#define X(name, number, severity, event, fault, sender, text, advice, cause) name = number,
#include <livepusher/codes.def>
#undef X
};

/// How an application should take a code.
enum class Severity {
    Info,     ///< progress; nothing is wrong
    Warning,  ///< something went wrong and the library deals with it
    Failure,  ///< something is lost until the application acts
    Call,     ///< the result of a method call; Code::InvalidArgument ends a push, too, where a source or encoder finds it later
    Room,     ///< exists for the documents' sake; an RTMP push never sends it
};

/// Which event tells a code, where no method's result does.
enum class CodeEvent {
    State,  ///< `statechange`
    Error,  ///< `error`
    Both,   ///< both, the statechange first
};

/// Where the fault lies that a code tells of. The number is what the program `livepusher` ends with.
enum class Fault {
    Nothing = 0,    ///< nothing is wrong
    Other = 1,      ///< none of the following
    Arguments = 2,  ///< what was asked for
    Source = 3,     ///< a source or a device
    Network = 4,    ///< the network or the server
    Encoder = 5,    ///< an encoder, or a decoder
};

/// Which contexts send a code.
enum class Sender {
    Pusher,  ///< LivePusherContext
    Player,  ///< LivePlayerContext
    Both,
};

/// One row of the table of codes.
struct CodeInfo {
    Code code;                ///< the number
    std::string_view name;    ///< the enumerator's name
    Severity severity;        ///< how to take it
    CodeEvent event;          ///< what tells it
    Fault fault;              ///< where it lies, when a push ends with it
    Sender sender;            ///< who sends it
    std::string_view text;    ///< one line: what happened
    std::string_view advice;  ///< one line: what an application should do about it
    std::string_view cause;   ///< what makes it happen in this library; "open: …" where that is not built yet
};

/// All codes, in the order of the table. Static lifetime. [any-thread]
LIVEPUSHER_API std::span<const CodeInfo> allCodes();

/// The row of `code`, or null for a number that is in no table. Static lifetime. [any-thread]
LIVEPUSHER_API const CodeInfo* describeCode(int code);

}  // namespace livepusher
