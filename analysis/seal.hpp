/// A seal at the end of a file: 16 bytes that tell whether those before them are as they were written.
///
/// HDF5 checks the sums of its own structures, but not of the heap in which it keeps words: one wrong byte
/// there can crash it. So a results file ends with a seal, beyond what HDF5 calls its end, and is read only
/// if the seal is whole.
///
/// The seal is `superpod` and the 64-bit sum FNV-1a of all bytes before it,
/// little-endian. It finds damage; it does not stop somebody who writes a false one.
/// Source: Fowler, Noll, Vo, "The FNV Non-Cryptographic Hash Algorithm", IETF draft-eastlake-fnv.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace superpod::analysis {

std::string seal(std::span<const char> bytes);

/// The sum FNV-1a; of bytes in pieces, with the sum of what came before.
std::uint64_t fnv_1a(std::span<const char> bytes, std::uint64_t sum = 0xcbf29ce484222325);

/// A file without a seal has none that is broken: a program that adds to a results file drops it.
bool seal_is_broken(const std::filesystem::path& path);

}  // namespace superpod::analysis
