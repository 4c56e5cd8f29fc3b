// SPDX-License-Identifier: MIT
#pragma once

#include "base/descriptor.hpp"
#include "endpoint/publisher.hpp"

#include <atomic>
#include <cstdint>
#include <span>
#include <string>

struct stat;

namespace livepusher::file {

/// A file that is written and destroys nothing: not what is there already, not what is read meanwhile. Belongs to one
/// thread, which may wait for the disk for ever in any of the calls.
class OutputFile {
public:
    /// `stopped`: ends what waits for a reader; must outlive this.
    OutputFile(std::string path, rtmp::FileSettings settings, const std::atomic<bool>& stopped);
    /// Whether open() would succeed as things are; makes nothing. Errors: FileFailed; InvalidArgument, it is an input.
    Result<void> check() const;

    /// Makes the file, or takes the next free name. Errors: as check(); kNobodyReads of a pipe: try again.
    Result<void> open();

    Result<void> write(std::span<const std::uint8_t> bytes);  ///< all of them. Errors: FileFailed; Cancelled when stopped
    Result<void> patch(std::uint64_t at, std::span<const std::uint8_t> bytes);  ///< errors: FileFailed
    Result<void> cutTo(std::uint64_t size);                                     ///< errors: FileFailed
    Result<void> close();                                                       ///< errors: FileFailed

    const std::string& name() const { return name_; }  ///< that was asked for, or the one taken instead
    bool isStream() const { return fd_ && !file_; }    ///< a pipe or a device: nothing in it can be patched

    static constexpr int kNobodyReads = -1001;  ///< Error::native

private:
    enum class Taken { Yes, No };  ///< No: there is something, try the next name
    Result<Taken> take(bool asked);
    Result<Taken> begin(const struct stat& before);
    Result<void> refuseInput(const struct stat& there) const;
    Result<void> awaitRoom() const;
    Error fail(const char* what, int number) const;

    const std::string path_;
    const rtmp::FileSettings settings_;
    const std::atomic<bool>& stopped_;
    std::string name_;
    base::Descriptor fd_;
    bool file_ = false;  // on a disk
};

}  // namespace livepusher::file
