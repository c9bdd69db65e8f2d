#include "scenarios/sweep/journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "analysis/seal.hpp"
#include "scenarios/sweep/bytes.hpp"
#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {
namespace {

constexpr std::string_view first_line = "superpod sweep journal 1\n";
constexpr std::size_t frame = 16;  // length and sum of a record

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw std::runtime_error{"cannot write '" + path.string() + "': " + std::generic_category().message(error)};
}

std::string record(const std::string& body) {
  BytesOut out;
  out.number(body.size());
  out.number(analysis::fnv_1a(body));
  return out.bytes() + body;
}

/// The body of the record at the front of the bytes; none when it is not whole.
std::optional<std::string_view> body_at_front(std::string_view bytes) {
  if (bytes.size() < frame) return std::nullopt;
  BytesIn in{bytes};
  const std::uint64_t length = in.number(), sum = in.number();
  if (length == 0 || length > bytes.size() - frame) return std::nullopt;
  const std::string_view body = bytes.substr(frame, length);
  return analysis::fnv_1a(body) == sum ? std::optional{body} : std::nullopt;
}

std::string header(const Fingerprint& sweep) {
  BytesOut out;
  for (const auto& [what, sum] : sweep) out.word(what), out.word(sum);
  return "h" + out.bytes();
}

Fingerprint fingerprint_in(std::string_view body) {
  Fingerprint sweep;
  for (BytesIn in{body.substr(1)}; !in.empty();) {
    std::string what = in.word();
    sweep.emplace_back(std::move(what), in.word());
  }
  return sweep;
}

/// Calls `visit` with the body of each whole record; returns how many bytes they take.
std::size_t for_each_record(std::string_view bytes, const std::function<void(std::string_view)>& visit) {
  if (!bytes.starts_with(first_line)) return 0;
  std::size_t at = first_line.size();
  while (const auto body = body_at_front(bytes.substr(at))) {
    visit(*body);
    at += frame + body->size();
  }
  return at;
}

}  // namespace

Journal::Journal(const std::filesystem::path& path, const Fingerprint& sweep,
                 const std::function<void(const Outcome&)>& found)
    : path_{path} {
  open_and_lock();
  try {
    const std::string bytes = content();
    const bool is_ours = bytes.starts_with(first_line) || first_line.starts_with(bytes);
    if (!is_ours)
      refuse(path_.string() + " is no journal of a sweep", "give the results another name with -o");
    size_ = read(bytes, sweep, found);
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) fail(path_, errno);
    if (size_ <= first_line.size()) begin(sweep);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

Journal::~Journal() { ::close(descriptor_); }

void Journal::open_and_lock() {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(path_, errno);
  struct flock whole {};  // of this process alone: those that it forks do not hold it
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(descriptor_, F_SETLK, &whole) == 0) return;
  const int error = errno;
  ::close(descriptor_);
  if (error == EACCES || error == EAGAIN)
    refuse("another sweep is writing " + path_.string(), "wait until it has ended, or give -o another name");
  fail(path_, error);
}

void Journal::begin(const Fingerprint& sweep) {
  size_ = 0;
  if (::ftruncate(descriptor_, 0) != 0) fail(path_, errno);
  write(std::string{first_line} + record(header(sweep)));
}

/// By the locked descriptor: closing another one of this file would give up the lock.
std::string Journal::content() const {
  std::string bytes;
  std::vector<char> block(1 << 16);
  while (true) {
    const ssize_t count = ::pread(descriptor_, block.data(), block.size(), static_cast<off_t>(bytes.size()));
    if (count < 0) throw std::runtime_error{"cannot read '" + path_.string() + "'"};
    if (count == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(count));
  }
}

std::size_t Journal::read(const std::string& bytes, const Fingerprint& sweep,
                          const std::function<void(const Outcome&)>& found) {
  std::vector<std::string> kinds;
  return for_each_record(bytes, [&](std::string_view body) {
    if (body.front() == 'h') {
      const std::string other = difference(fingerprint_in(body), sweep);
      if (!other.empty())
        refuse(path_.string() + " is of another sweep: " + other,
               "give -o another name, or remove it to begin anew");
    } else if (body.front() == 'f') {
      kinds_.emplace(body.substr(1), kinds.size());
      kinds.emplace_back(body.substr(1));
    } else {
      BytesIn in{body.substr(1)};
      const std::uint64_t kind = in.number();
      found(outcome_from(kinds.at(kind), body.substr(1 + sizeof kind)));
    }
  });
}

void Journal::write(const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count =
        ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(size_ + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) fail(path_, errno);
      fail(path_, error);
    }
    done += static_cast<std::size_t>(count);
  }
  size_ += bytes.size();
}

void Journal::append(const Outcome& outcome) {
  const OutcomeBytes parts = bytes_of(outcome);
  const auto [kind, is_new] = kinds_.try_emplace(parts.figures, kinds_.size());
  BytesOut which;
  which.number(kind->second);
  try {
    write((is_new ? record("f" + parts.figures) : "") + record("o" + which.bytes() + parts.values));
  } catch (...) {
    if (is_new) kinds_.erase(kind);
    throw;
  }
}

void Journal::sync() {
  if (::fdatasync(descriptor_) != 0) fail(path_, errno);
}

void Journal::remove() {
  if (::unlink(path_.c_str()) != 0) fail(path_, errno);
}

bool holds_outcomes(const std::filesystem::path& journal) {
  bool holds = false;
  std::ifstream in{journal, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  for_each_record(bytes, [&](std::string_view body) { holds = holds || body.front() == 'o'; });
  return holds;
}

}  // namespace superpod::scenarios
