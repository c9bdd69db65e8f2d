/// Processes that talk in messages.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace superpod::scenarios {

/// One end of a conversation: messages of any length, in order.
class Channel {
 public:
  explicit Channel(int descriptor) : descriptor_{descriptor} {}

  /// False when the other end is gone.
  bool send(const std::string& message);
  /// Waits for a message; none when the other end is gone.
  std::optional<std::string> receive();
  /// What has come already; `is_over()` tells whether more can come.
  std::vector<std::string> received();
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  std::optional<std::string> next();

  int descriptor_;
  std::string bytes_;  // that came, less than a message
  bool is_over_ = false;
};

/// A child process and the conversation with it. It dies with its parent, and with this object.
class Process {
 public:
  /// Runs `body` in the child, which ends when `body` returns. Throws std::runtime_error when there can be no
  /// more processes.
  explicit Process(const std::function<void(Channel&)>& body);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  Channel& channel() { return channel_; }
  [[nodiscard]] const Channel& channel() const { return channel_; }
  /// Has no more to say to it, and waits until it ends.
  void wait();
  /// In words why it ended; none while it lives.
  std::optional<std::string> death();

 private:
  void end();

  pid_t id_ = -1;
  Channel channel_{-1};
};

/// Waits until one of the channels has something to say, or is over.
void wait_for_any(const std::vector<const Channel*>& channels, std::chrono::milliseconds at_most);

}  // namespace superpod::scenarios
