#pragma once

#include <cstdint>
#include <string>

#include "base/expected.h"
#include "sqlite/database.h"

namespace ebb::sqlite {

/// Who has the file open at once: decides SQLite's journal. `kAsFileSystem` finds out: several hosts can share a file
/// on NFS, Lustre and the like.
enum class Sharing { kAsFileSystem, kOneHost, kManyHosts };

/// Whether a file system's number (statfs(2), f_type) is one whose files several hosts share: their processes do not
/// see one another's memory, which SQLite's write-ahead log needs.
bool is_shared_between_hosts(std::int64_t file_system_type);

/// The same of the file system that a file lies on; false where that cannot be told.
bool lies_on_shared_file_system(const std::string& path);

/// A write-ahead log where no other host has the file, else a rollback journal; and how surely each is written.
base::Status choose_journal(Database& database, Sharing sharing);

}  // namespace ebb::sqlite
