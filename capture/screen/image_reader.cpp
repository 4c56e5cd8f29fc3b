// SPDX-License-Identifier: MIT
#include "capture/screen/image_reader.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace livepusher::capture {
namespace {

constexpr std::uint32_t kAllPlanes = ~0U;

}  // namespace

ImageReader::ImageReader(XConnection& connection) : connection_(connection) {
    if (!connection.isLocal() || connection.firstEvent("MIT-SHM") < 0) return;
    const auto version = connection.wait<xcb_shm_query_version_reply_t>(x11().xcb_shm_query_version(connection.raw()).sequence);
    // 1.2 takes a file's memory: nothing of it stays behind, whatever happens, and no other user needs the right to it.
    canShare_ = version && (version->major_version > 1 || version->minor_version >= 2);
}

ImageReader::~ImageReader() { release(); }

void ImageReader::release() {
    if (segment_) x11().xcb_shm_detach(connection_.raw(), segment_);
    if (shared_) munmap(shared_, sharedBytes_);
    segment_ = 0;
    shared_ = nullptr;
}

void ImageReader::resize(int width, int height) {
    if (asked()) x11().xcb_discard_reply(connection_.raw(), sequence_);
    sequence_ = 0;
    width_ = width, height_ = height;
    const auto bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
    release();
    canShare_ = canShare_ && share(bytes);
    if (!canShare_) own_.resize(bytes);
}

bool ImageReader::share(std::size_t bytes) {
    const int fd = memfd_create("livepusher-screen", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return false;
    void* memory = MAP_FAILED;
    if (ftruncate(fd, static_cast<off_t>(bytes)) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0)
        memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        close(fd);
        return false;
    }
    shared_ = static_cast<std::uint8_t*>(memory);
    sharedBytes_ = bytes;
    segment_ = x11().xcb_generate_id(connection_.raw());
    x11().xcb_shm_attach_fd(connection_.raw(), segment_, fd, 0);  // which closes it
    // One pixel tells whether the server could take it.
    const auto tried = x11().xcb_shm_get_image(connection_.raw(), connection_.root(), 0, 0, 1, 1, kAllPlanes,
                                               XCB_IMAGE_FORMAT_Z_PIXMAP, segment_, 0);
    if (connection_.wait<xcb_shm_get_image_reply_t>(tried.sequence)) return true;
    segment_ = 0;
    release();
    return false;
}

void ImageReader::ask(xcb_drawable_t drawable, int x, int y, int first, int count) {
    first_ = first, count_ = count;
    const auto left = static_cast<std::int16_t>(x), top = static_cast<std::int16_t>(y + first);
    const auto width = static_cast<std::uint16_t>(width_), rows = static_cast<std::uint16_t>(count);
    sequence_ =
        shared_ ? x11()
                      .xcb_shm_get_image(connection_.raw(), drawable, left, top, width, rows, kAllPlanes,
                                         XCB_IMAGE_FORMAT_Z_PIXMAP, segment_, static_cast<std::uint32_t>(first * stride()))
                      .sequence
                : x11()
                      .xcb_get_image(connection_.raw(), XCB_IMAGE_FORMAT_Z_PIXMAP, drawable, left, top, width, rows, kAllPlanes)
                      .sequence;
}

ImageReader::Answer ImageReader::collect() {
    XReply<xcb_get_image_reply_t> image;
    if (!connection_.poll(sequence_, image)) return Answer::Pending;
    if (!image) return Answer::Failed;
    if (shared_) return Answer::Read;
    const auto wanted = static_cast<std::size_t>(count_) * static_cast<std::size_t>(stride());
    if (static_cast<std::size_t>(x11().xcb_get_image_data_length(image.get())) < wanted) return Answer::Failed;
    std::memcpy(own_.data() + static_cast<std::size_t>(first_) * static_cast<std::size_t>(stride()),
                x11().xcb_get_image_data(image.get()), wanted);
    return Answer::Read;
}

}  // namespace livepusher::capture
