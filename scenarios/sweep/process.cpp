#include "scenarios/sweep/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "scenarios/sweep/bytes.hpp"

namespace superpod::scenarios {
namespace {

/// What a child is before it does anything else.
void settle_in(pid_t parent) {
  ::setpgid(0, 0);                     // a signal to its group reaches what it starts itself
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it dies with its parent
  if (::getppid() != parent) ::_exit(1);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) std::signal(signal, SIG_DFL);
  std::ofstream{"/proc/self/oom_score_adj"} << 500;  // when memory is short: rather this one than its parent
}

}  // namespace

bool Channel::send(const std::string& message) {
  BytesOut framed;
  framed.word(message);
  const std::string& bytes = framed.bytes();
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::send(descriptor_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      is_over_ = true;
      return false;
    }
    done += static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<std::string> Channel::next() {
  if (bytes_.size() < sizeof(std::uint64_t)) return std::nullopt;
  const std::uint64_t length = BytesIn{bytes_}.number();
  if (bytes_.size() - sizeof length < length) return std::nullopt;
  std::string message = bytes_.substr(sizeof length, length);
  bytes_.erase(0, sizeof length + length);
  return message;
}

std::optional<std::string> Channel::receive() {
  std::array<char, 1 << 14> block{};
  while (true) {
    if (auto message = next()) return message;
    const ssize_t count = ::recv(descriptor_, block.data(), block.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      is_over_ = true;
      return std::nullopt;
    }
    bytes_.append(block.data(), static_cast<std::size_t>(count));
  }
}

std::vector<std::string> Channel::received() {
  std::array<char, 1 << 14> block{};
  while (!is_over_) {
    const ssize_t count = ::recv(descriptor_, block.data(), block.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    is_over_ = count <= 0;
    if (count > 0) bytes_.append(block.data(), static_cast<std::size_t>(count));
  }
  std::vector<std::string> messages;
  while (auto message = next()) messages.push_back(std::move(*message));
  return messages;
}

Process::Process(const std::function<void(Channel&)>& body) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::runtime_error{"cannot start a process: too many open files"};
  std::fflush(nullptr);  // what waits in buffers would be written by both processes
  const pid_t parent = ::getpid();
  id_ = ::fork();
  if (id_ == 0) {
    settle_in(parent);
    ::close(ends[0]);
    Channel channel{ends[1]};
    body(channel);
    ::_exit(0);
  }
  ::close(ends[1]);
  channel_ = Channel{ends[0]};
  if (id_ > 0) return;
  ::close(ends[0]);
  throw std::runtime_error{"cannot start a process for the points of the sweep"};
}

Process::Process(Process&& other) noexcept
    : id_{std::exchange(other.id_, -1)}, channel_{std::exchange(other.channel_, Channel{-1})} {}

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  end();
  id_ = std::exchange(other.id_, -1);
  channel_ = std::exchange(other.channel_, Channel{-1});
  return *this;
}

Process::~Process() { end(); }

void Process::end() {
  if (channel_.descriptor() >= 0) ::close(channel_.descriptor());
  channel_ = Channel{-1};
  if (id_ <= 0) return;
  ::kill(-id_, SIGKILL);
  ::kill(id_, SIGKILL);  // if it has no group of its own yet
  ::waitpid(id_, nullptr, 0);
  id_ = -1;
}

void Process::wait() {
  ::shutdown(channel_.descriptor(), SHUT_RDWR);  // closing is not enough: other children have copies
  ::close(channel_.descriptor());
  channel_ = Channel{-1};
  ::waitpid(id_, nullptr, 0);
  id_ = -1;
}

std::optional<std::string> Process::death() {
  int status = 0;
  if (id_ <= 0 || ::waitpid(id_, &status, WNOHANG) != id_) return std::nullopt;
  ::kill(-id_, SIGKILL);  // what it has started
  id_ = -1;
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

void wait_for_any(const std::vector<const Channel*>& channels, std::chrono::milliseconds at_most) {
  std::vector<pollfd> all;
  for (const Channel* channel : channels) all.push_back({channel->descriptor(), POLLIN, 0});
  ::poll(all.data(), all.size(), static_cast<int>(at_most.count()));
}

}  // namespace superpod::scenarios
