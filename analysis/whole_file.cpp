#include "analysis/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <ostream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace superpod::analysis {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, int error) {
  throw std::runtime_error{"cannot write '" + path.string() + "': " + std::generic_category().message(error)};
}

/// A file open for writing that says why it failed, which std::ofstream cannot.
class File : public std::streambuf {
 public:
  File(fs::path place, const fs::path& shown, bool is_new)
      : place_{std::move(place)}, shown_{shown}, is_new_{is_new}, buffer_(1 << 16) {
    const int how = is_new ? O_CREAT | O_TRUNC | O_NOFOLLOW : 0;
    descriptor_ = ::open(place_.c_str(), O_WRONLY | O_CLOEXEC | how, 0666);
    if (descriptor_ < 0) fail(shown_, errno);
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() override {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (is_new_) ::unlink(place_.c_str());  // still here: it was not finished
  }

  /// Everything is on the disk and `place_` renamed to `path`.
  void finish(const fs::path& path) {
    sync();
    if (is_new_ && ::fsync(descriptor_) != 0) fail(shown_, errno);
    if (::close(std::exchange(descriptor_, -1)) != 0) fail(shown_, errno);
    if (!is_new_) return;
    if (::rename(place_.c_str(), path.c_str()) != 0) fail(shown_, errno);
    is_new_ = false;
    keep_name(path.parent_path());
  }

 protected:
  int sync() override {
    const char* from = pbase();
    while (from < pptr()) {
      const ssize_t written = ::write(descriptor_, from, static_cast<std::size_t>(pptr() - from));
      if (written < 0 && errno != EINTR) fail(shown_, errno);
      if (written > 0) from += written;
    }
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    return 0;
  }

  int_type overflow(int_type c) override {
    sync();
    if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
    return traits_type::not_eof(c);
  }

 private:
  /// The new name is on the disk as well: what the file replaces, e.g. a journal, may be removed now.
  void keep_name(const fs::path& parent) const {
    const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;  // it may be written to and not read: then there is no way to ask
    const bool kept = ::fsync(folder) == 0 || errno == EINVAL;  // file systems that cannot say EINVAL
    const int error = errno;
    ::close(folder);
    if (!kept) fail(shown_, error);
  }

  fs::path place_, shown_;
  bool is_new_;
  std::vector<char> buffer_;
  int descriptor_ = -1;
};

}  // namespace

void write_whole(const fs::path& path, const std::function<void(std::ostream&)>& body) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::is_directory(status)) fail(path, EISDIR);
  const bool in_place = fs::exists(status) && !fs::is_regular_file(status);
  const fs::path target = fs::is_regular_file(status) ? fs::canonical(path) : path;
  const fs::path beside = target.string() + "." + std::to_string(::getpid()) + ".part";

  File file{in_place ? target : beside, path, !in_place};
  std::ostream out{&file};
  out.exceptions(std::ios::badbit);  // lets the reason through
  body(out);
  file.finish(target);
}

}  // namespace superpod::analysis
