#include "analysis/seal.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <system_error>
#include <vector>

namespace superpod::analysis {
namespace {

constexpr std::string_view mark = "superpod";
constexpr std::size_t length = mark.size() + 8;

std::string seal_of(std::uint64_t sum) {
  std::string text{mark};
  for (int shift = 0; shift < 64; shift += 8) text += static_cast<char>(sum >> shift & 0xff);
  return text;
}

}  // namespace

std::uint64_t fnv_1a(std::span<const char> bytes, std::uint64_t sum) {
  for (const char byte : bytes) sum = (sum ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return sum;
}

std::string seal(std::span<const char> bytes) { return seal_of(fnv_1a(bytes)); }

bool seal_is_broken(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size < length) return false;
  std::ifstream in{path, std::ios::binary};
  std::vector<char> block(1 << 16);
  std::uint64_t sum = fnv_1a({});
  for (std::uintmax_t left = size - length; left > 0 && in;) {
    in.read(block.data(), static_cast<std::streamsize>(std::min<std::uintmax_t>(left, block.size())));
    const auto got = static_cast<std::size_t>(in.gcount());
    sum = fnv_1a(std::span{block}.first(got), sum);
    left -= got;
  }
  std::string found(length, '\0');
  in.read(found.data(), static_cast<std::streamsize>(length));
  return in && found.starts_with(mark) && found != seal_of(sum);
}

}  // namespace superpod::analysis
