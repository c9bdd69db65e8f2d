// superpod-carrier CHANNEL: joins the ranks of a job and carries messages between them and the process that
// started it.
//
// A program of its own, because SimGrid has functions called MPI_* as well, because MPI and processes that
// fork do not go together, and because a sweep on one machine should not load MPI. Through the channel (an
// open descriptor) go messages of a rank, 8 bytes, and text: to that rank, or from it. The first that comes
// says this process's rank, and how many there are. It leaves when the channel is closed and all other ranks
// leave.

#include <mpi.h>

#include <charconv>
#include <chrono>
#include <list>
#include <string>
#include <string_view>
#include <utility>

#include "scenarios/sweep/bytes.hpp"
#include "scenarios/sweep/process.hpp"

namespace superpod::scenarios {
namespace {

constexpr std::chrono::milliseconds between_looks{1};  // MPI cannot be waited for together with a channel

/// Messages on their way: a rank that waits within MPI would keep a core busy.
class Post {
 public:
  void send(int to, std::string_view bytes) {
    Letter& letter = letters_.emplace_back(std::string{bytes});
    MPI_Isend(letter.bytes.data(), static_cast<int>(letter.bytes.size()), MPI_BYTE, to, 0, MPI_COMM_WORLD,
              &letter.request);
  }
  /// Whether all have left.
  bool is_done() {
    letters_.remove_if([](Letter& letter) {
      int is_gone = 0;
      MPI_Test(&letter.request, &is_gone, MPI_STATUS_IGNORE);
      return is_gone != 0;
    });
    return letters_.empty();
  }

 private:
  struct Letter {
    explicit Letter(std::string text) : bytes{std::move(text)} {}
    std::string bytes;
    MPI_Request request = MPI_REQUEST_NULL;
  };
  std::list<Letter> letters_;
};

/// Calls `use` with the sender and the bytes of each message that has come.
template <class Use>
void receive_all(const Use& use) {
  while (true) {
    int is_there = 0, size = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &is_there, &status);
    if (is_there == 0) return;
    MPI_Get_count(&status, MPI_BYTE, &size);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    MPI_Recv(bytes.data(), size, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    use(status.MPI_SOURCE, bytes);
  }
}

/// Until the channel is closed.
void carry(Channel& channel, Post& post) {
  while (!channel.is_over()) {
    wait_for_any({&channel}, between_looks);
    for (const std::string& message : channel.received())
      post.send(static_cast<int>(BytesIn{message}.number()),
                std::string_view{message}.substr(sizeof(std::uint64_t)));
    receive_all([&](int from, const std::string& bytes) {
      BytesOut out;
      out.number(static_cast<std::uint64_t>(from));
      channel.send(out.bytes() + bytes);
    });
    post.is_done();
  }
}

/// Waits until all ranks leave; what still comes is for nobody.
void take_leave(Post& post) {
  const auto ignore = [](int, const std::string&) {};
  while (!post.is_done()) {
    receive_all(ignore);
    wait_for_any({}, between_looks);
  }
  MPI_Request all_leave = MPI_REQUEST_NULL;
  MPI_Ibarrier(MPI_COMM_WORLD, &all_leave);
  for (int do_all = 0; do_all == 0; MPI_Test(&all_leave, &do_all, MPI_STATUS_IGNORE)) {
    receive_all(ignore);
    wait_for_any({}, between_looks);
  }
}

void join_and_carry(int descriptor) {
  MPI_Init(nullptr, nullptr);
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  Channel channel{descriptor};
  BytesOut who;
  who.number(static_cast<std::uint64_t>(rank));
  who.number(static_cast<std::uint64_t>(ranks));
  channel.send(who.bytes());
  Post post;
  carry(channel, post);
  take_leave(post);
  MPI_Finalize();
}

}  // namespace
}  // namespace superpod::scenarios

int main(int argc, char** argv) {
  const std::string_view text = argc == 2 ? argv[1] : "";
  int descriptor = -1;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), descriptor);
  if (problem != std::errc{} || descriptor < 0) return 2;
  superpod::scenarios::join_and_carry(descriptor);
}
