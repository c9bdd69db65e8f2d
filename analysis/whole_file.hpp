#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>

namespace superpod::analysis {

/// Makes the file `path` of what `body` writes: whole, or not at all.
///
/// The bytes go to a file beside it, reach the disk, and are then renamed, so a reader sees the old file or
/// the new one, never a part; when this returns, the name has reached the disk, too. A symbolic link is
/// followed. What is there and no regular file (a pipe, `/dev/stdout`) is written in place.
/// Throws std::runtime_error with the path and the reason (disk full, no permission, ...), after removing
/// what it began; what `body` throws passes through in the same way.
void write_whole(const std::filesystem::path& path, const std::function<void(std::ostream&)>& body);

}  // namespace superpod::analysis
