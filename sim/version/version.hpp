/// Which code this is, so that a result can say what made it.
#pragma once

#include <string>
#include <string_view>

namespace superpod {

/// Where a build's sources stood. Of no commit: they came without their history.
struct Sources {
  std::string_view number;   ///< of the release: `0.1.0`
  std::string_view commit;   ///< its first digits: `8d001884c2`
  std::string_view changes;  ///< a sum of what was not committed; empty of a clean tree
};

/// `0.1.0 (8d001884c2)`, `0.1.0 (8d001884c2, modified 5c1e9a2b)`, `0.1.0`.
std::string version_text(const Sources& sources);

/// Of this program. What was changed counts where the program stands, not in tests.
const std::string& version();

}  // namespace superpod
