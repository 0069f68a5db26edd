#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace ebb::plan {

/// The rows of a table that is filled from its last row to its first, in blocks of rows, and read again block by
/// block: only the rows of one block and the `reach` rows behind it are held, and the first `reach` rows of each block
/// are kept aside, so that any block can be filled a second time. Memory grows with the root of the number of rows.
class RowStore {
 public:
  /// `held`: rows of a block that are read again after it was filled; `blocks`: how many blocks there are.
  RowStore(std::size_t columns, std::size_t held, std::size_t reach, std::size_t blocks)
      : columns_(columns),
        depth_(held + reach + 1),
        reach_(reach),
        ring_(new double[depth_ * columns]),
        kept_(new double[blocks * reach * columns]) {}

  [[nodiscard]] double* row(std::size_t index) const { return ring_.get() + index % depth_ * columns_; }

  /// Keeps rows [first, first + reach) as the first of block number `block`.
  void keep(std::size_t block, std::size_t first) const {
    for (std::size_t i = 0; i < reach_; ++i) {
      std::copy_n(row(first + i), columns_, kept_.get() + (block * reach_ + i) * columns_);
    }
  }
  /// Puts them back.
  void restore(std::size_t block, std::size_t first) const {
    for (std::size_t i = 0; i < reach_; ++i) {
      std::copy_n(kept_.get() + (block * reach_ + i) * columns_, columns_, row(first + i));
    }
  }

 private:
  std::size_t columns_;
  std::size_t depth_;
  std::size_t reach_;
  std::unique_ptr<double[]> ring_;  // not cleared: the table reads only what it wrote
  std::unique_ptr<double[]> kept_;
};

}  // namespace ebb::plan
