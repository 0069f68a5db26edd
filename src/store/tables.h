#pragma once

#include "sqlite/migrate.h"

namespace ebb::store {

/// The store's tables: docs/grid-store.md says what is in them.
const sqlite::Tables& tables();

/// Slots of one chunk: 57 days of 5 minutes. The same for ever: chunks are numbered by it.
inline constexpr std::int64_t kChunkSlots = 16384;

/// What a row of `series` is for.
enum class Role { kHistory = 0, kForecasts = 1 };

}  // namespace ebb::store
