#include "sqlite/journal.h"

#include <sys/vfs.h>

#include <algorithm>
#include <array>

namespace ebb::sqlite {
namespace {

// Of linux/magic.h, and of the file systems' own sources where they are not in the kernel.
constexpr std::array<std::int64_t, 10> kShared{
    0x6969,      // NFS
    0xFF534D42,  // CIFS
    0xFE534D42,  // SMB 2
    0x0BD00BD0,  // Lustre
    0x47504653,  // GPFS
    0x19830326,  // BeeGFS
    0x00C36400,  // Ceph
    0x65735546,  // FUSE: sshfs, GlusterFS and others
    0x5346414F,  // AFS
    0x01021997,  // 9P
};

}  // namespace

bool is_shared_between_hosts(std::int64_t file_system_type) {
  // Some machines give the number with its 32 bits taken for a signed one.
  return std::find(kShared.begin(), kShared.end(), file_system_type & 0xFFFFFFFF) != kShared.end();
}

bool lies_on_shared_file_system(const std::string& path) {
  struct statfs info {};
  return ::statfs(path.c_str(), &info) == 0 && is_shared_between_hosts(static_cast<std::int64_t>(info.f_type));
}

base::Status choose_journal(Database& database, Sharing sharing) {
  std::string mode;
  {
    EBB_TRY(auto query, database.query("PRAGMA journal_mode"));
    EBB_TRY(const bool found, query.next());
    if (found) mode = query.text();
  }
  // The log lets readers go on while one writes, and needs no wait for the disk at each change.
  const bool one_host = sharing == Sharing::kOneHost ||
                        (sharing == Sharing::kAsFileSystem && !lies_on_shared_file_system(database.path()));
  if (mode == "delete" && one_host) {
    // Not while others have it open: whoever opens it next tries again, and either journal is safe.
    database.wait_for_others(0);
    if (database.run("PRAGMA journal_mode = WAL").ok()) mode = "wal";
    database.wait_for_others(Database::kWaitMilliseconds);
  }
  // Without the log, less than FULL could damage the file in a power loss.
  return database.run(mode == "wal" ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
}

}  // namespace ebb::sqlite
