// SPDX-License-Identifier: MIT
#include "pipeline/picture_in_picture.hpp"

#include <utility>

namespace livepusher::pipeline {

void PictureInPicture::change(bool floating, Reply reply) {
    if (changing_) return reply(Error{Code::InvalidState, "the last change of picture-in-picture is still under way"});
    if (inside_ == floating)
        return reply(Error{Code::InvalidState, floating ? "the preview is in picture-in-picture already"
                                                        : "the preview is not in picture-in-picture"});
    changing_ = true;
    reply_ = std::move(reply);
    host_.setFloating(floating, change_.guard([this, floating](const Result<void>& done) {
        changing_ = false;
        if (done) arrive(floating);
        std::exchange(reply_, {})(done);
    }));
}

void PictureInPicture::arrive(bool floating) {
    inside_ = floating;
    floating ? host_.entered() : host_.left();
}

void PictureInPicture::closed(const Error& why) {
    change_.renew();
    changing_ = false;
    if (inside_) arrive(false);
    if (reply_) std::exchange(reply_, {})(why);
}

}  // namespace livepusher::pipeline
