#include "scenarios/text/source_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace superpod::scenarios {
namespace {

std::string bytes_of(const std::filesystem::path& path, std::size_t most) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem))
    throw std::runtime_error{path.string() + ": is a directory"};
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{path.string() + ": " + std::strerror(errno)};
  constexpr std::size_t piece = 1 << 14;  // most files are smaller, and what is reserved is written to
  std::string bytes;
  while (file && bytes.size() < most) {
    const std::size_t before = bytes.size(), more = std::min(piece, most - before);
    bytes.resize(before + more);
    file.read(bytes.data() + before, static_cast<std::streamsize>(more));
    bytes.resize(before + static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) throw std::runtime_error{path.string() + ": could not be read"};
  return bytes;
}

/// Bytes of the UTF-8 character at the front (RFC 3629: no overlong form, no surrogate); 0 when there is
/// none.
std::size_t character_size(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  const unsigned lead = at(0);
  if (lead == 0) return 0;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (at(1) < low || at(1) > high) return 0;
  for (std::size_t i = 2; i < size; ++i)
    if (at(i) < 0x80 || at(i) > 0xBF) return 0;
  return size;
}

Place place_at(const std::shared_ptr<const Source>& source, std::size_t offset) {
  const std::string_view before = std::string_view{source->text}.substr(0, offset);
  const auto newline = before.rfind('\n');
  const auto column = newline == std::string_view::npos ? offset : offset - newline - 1;
  return {source, static_cast<int>(1 + std::count(before.begin(), before.end(), '\n')),
          static_cast<int>(column) + 1, 1};
}

/// As short as it can be and still be opened from here.
std::string shown_name(const std::filesystem::path& path) {
  std::error_code problem;
  const auto here = std::filesystem::current_path(problem);
  const auto relative = path.is_absolute() && !problem ? path.lexically_relative(here) : path;
  return relative.empty() || relative.string().starts_with("..") ? path.string() : relative.string();
}

}  // namespace

std::size_t text_prefix(std::string_view bytes) {
  std::size_t offset = 0;
  while (const std::size_t size = character_size(bytes.substr(offset))) offset += size;
  return offset;
}

std::shared_ptr<const Source> read_source(const std::filesystem::path& path, Mistakes& mistakes,
                                          const Expected& expected) {
  auto source = std::make_shared<Source>(Source{shown_name(path), bytes_of(path, expected.largest + 1)});
  std::string& text = source->text;
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  if (text.size() > expected.largest) {
    mistakes.add({source, 1, 1, 1}, "the file is larger than " + std::to_string(expected.largest) + " bytes",
                 expected.size_help);
    return nullptr;
  }
  if (const std::size_t offset = text_prefix(text); offset < text.size()) {
    mistakes.add(place_at(source, offset), "this is not UTF-8 text", expected.text_help);
    return nullptr;
  }
  return source;
}

}  // namespace superpod::scenarios
