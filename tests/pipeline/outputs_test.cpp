// SPDX-License-Identifier: MIT
#include "session_case.hpp"
#include "temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

namespace livepusher::testing {

/// Nothing that is read is written over, and a context that refused it goes on.
class OutputsTest : public SessionTest {
protected:
    OutputsTest() {
        std::ofstream(film_) << "film";
        std::filesystem::create_hard_link(film_, folder_.file("hard.flv"));
        std::filesystem::create_symlink(film_, folder_.file("link.flv"));
    }
    void refused(const std::function<void(ContextOptions&)>& reads) {
        for (const auto* name : {"film.flv", "hard.flv", "link.flv"})
            for (const bool overwrite : {false, true})
                for (const bool recorded : {false, true}) {
                    const auto output = folder_.file(name);
                    auto made = options(scene_);
                    made.properties.overwrite = overwrite;
                    (recorded ? made.recordPath : made.properties.url) = output;
                    reads(made);
                    LivePusherContext context(std::move(made), fakeStages(scene_));
                    const auto before = journal().seen("start:fail 20001");
                    context.start(noting(scene_, "start"));
                    ASSERT_TRUE(journal().await("start:fail 20001", before + 1)) << output;
                    EXPECT_EQ(context.state(), State::Idle);
                }
        std::ifstream film(film_);
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(film), {}), "film");
    }

    capture::TempFolder folder_;
    const std::string film_ = folder_.file("film.flv");
};

TEST_F(OutputsTest, ASourceIsNeverWrittenOver) {
    refused([this](ContextOptions& o) { o.sources.video = "file:" + film_; });
}
TEST_F(OutputsTest, NorAPropertysFile) {
    refused([this](ContextOptions& o) { o.properties.waitingImage = film_; });
    refused([this](ContextOptions& o) { o.properties.watermark = "file://" + film_; });
    refused([this](ContextOptions& o) { o.properties.filterFile = film_; });
    refused([this](ContextOptions& o) { o.properties.caFile = film_; });
}
TEST_F(OutputsTest, NorWhatTheApplicationNames) {
    refused([this](ContextOptions& o) { o.alsoRead = {film_}; });
}

TEST_F(OutputsTest, NorTheTargetByItsOwnRecording) {
    auto made = options(scene_);
    made.properties.url = folder_.file("new.flv");
    made.recordPath = folder_.file("./new.flv");
    LivePusherContext context(std::move(made), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    EXPECT_TRUE(journal().await("start:fail 20001"));
    EXPECT_FALSE(std::filesystem::exists(folder_.file("new.flv")));
}

TEST_F(OutputsTest, AContextThatRefusedGoesOn) {
    auto made = options(scene_);
    made.properties.url = film_;
    made.alsoRead = {film_};
    LivePusherContext context(std::move(made), fakeStages(scene_));
    context.start(noting(scene_, "start"));
    ASSERT_TRUE(journal().await("start:fail 20001"));
    context.setProperty("url", pushing().url);
    context.start(noting(scene_, "again"));
    EXPECT_TRUE(journal().await("again:ok"));
}

}  // namespace livepusher::testing
