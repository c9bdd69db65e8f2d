#include "scenarios/traces/line_reader.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace superpod::scenarios {

LineReader::LineReader(const std::filesystem::path& path) : name_{path.string()} {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem)) throw std::runtime_error{name_ + ": is a directory"};
  file_.open(path, std::ios::binary);
  if (!file_) throw std::runtime_error{name_ + ": " + std::strerror(errno)};
  buffer_.resize(2 * longest);
}

void LineReader::read_more() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  file_.read(buffer_.data() + end_, static_cast<std::streamsize>(buffer_.size() - end_));
  if (file_.bad()) throw std::runtime_error{name_ + ": could not be read"};
  end_ += static_cast<std::size_t>(file_.gcount());
  at_end_ = file_.eof();
}

std::optional<Line> LineReader::next() {
  for (std::size_t seen = 0;;) {
    const std::string_view rest{buffer_.data() + begin_, end_ - begin_};
    if (const std::size_t size = rest.find('\n', seen); size != std::string_view::npos)
      return taken(size, true);
    if (at_end_) return rest.empty() ? std::nullopt : taken(rest.size(), false);
    if (rest.size() > longest) return skipped();
    seen = rest.size();
    read_more();
  }
}

std::optional<Line> LineReader::taken(std::size_t size, bool ended) {
  std::string_view text{buffer_.data() + begin_, size};
  begin_ += size + (ended ? 1 : 0);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (++number_ == 1 && text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.ends_with('\r')) text.remove_suffix(1);
  const bool too_long = text.size() > longest;
  return Line{too_long ? text.substr(0, longest) : text, number_, too_long, ended};
}

Line LineReader::skipped() {
  constexpr std::size_t shown = 1024;
  head_.assign(buffer_, begin_, shown);
  std::size_t line_break = std::string_view::npos;
  while (line_break == std::string_view::npos && !at_end_) {
    begin_ = end_;
    read_more();
    line_break = std::string_view{buffer_.data(), end_}.find('\n');
  }
  const bool ended = line_break != std::string_view::npos;
  begin_ = ended ? line_break + 1 : end_;
  return Line{head_, ++number_, true, ended};
}

}  // namespace superpod::scenarios
