// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "coded_stream.hpp"
#include "file/publishers.hpp"
#include "flv/publishers.hpp"
#include "temp_folder.hpp"

namespace livepusher::file::test {

/// A publisher of files in a folder of the test's own, and what it has told.
class FileCase : public testing::Test {
protected:
    std::string path(const std::string& name) const { return folder_.file(name); }

    static std::unique_ptr<rtmp::Publisher> makePublisher(const base::Url& url) {
        return url.scheme() == base::Url::Scheme::FlvFile ? rtmp::makeFlvFilePublisher() : makeMuxedFilePublisher(url.scheme());
    }
    std::unique_ptr<rtmp::Publisher> open(const std::string& name, rtmp::FileSettings file = {}) {
        const auto url = base::Url::file(path(name));
        auto publisher = makePublisher(url);
        file.told = [this](Code code, const std::string& words) {
            told_.push_back(std::to_string(static_cast<int>(code)) + " " + words);
        };
        rtmp::PublisherSettings settings;
        settings.file = std::move(file);
        settings.closeTimeout = std::chrono::seconds(20);  // of a busy machine
        const auto opened = publisher->open(url, settings, observer_);
        EXPECT_TRUE(opened) << opened.error().message;
        return publisher;
    }
    static void write(rtmp::Publisher& publisher, const std::vector<Packet>& packets) {
        for (const auto& packet : packets) {
            const auto wrote = publisher.write(packet);
            ASSERT_TRUE(wrote) << wrote.error().message;
        }
    }
    static void close(rtmp::Publisher& publisher) {
        const auto closed = publisher.close(rtmp::EndReason::Ended);
        ASSERT_TRUE(closed) << closed.error().message;
    }
    std::set<std::string> names() const {
        std::set<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) found.insert(entry.path().filename());
        return found;
    }
    static std::size_t count(const std::vector<Packet>& packets, Packet::Track track) {
        return static_cast<std::size_t>(
            std::ranges::count_if(packets, [&](const auto& p) { return p.track == track && p.kind != Packet::Kind::Config; }));
    }

    capture::TempFolder folder_;
    struct : rtmp::PublisherObserver {
    } observer_;
    std::vector<std::string> told_;
};

}  // namespace livepusher::file::test
