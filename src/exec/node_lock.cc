#include "exec/node_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "exec/kernel_file.h"
#include "exec/lock_folder.h"
#include "exec/whole_number.h"

namespace ebb::exec {
namespace {

constexpr std::string_view kRecordPrefix = "rank-";
constexpr int kTries = 16;

bool is_record(std::string_view file) {
  return file.starts_with(kRecordPrefix) && parse_whole<pid_t>(file.substr(kRecordPrefix.size()));
}

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    files.push_back(at->path().filename().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

base::Status make_again(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return base::Done{};
  return base::service_error(system_reason(folder, errno));
}

bool is_alive(const ProcessRef& process) {
  const auto stat = read_proc_stat("/proc", process.pid);
  return stat && stat->process == process && stat->state != 'Z';
}

}  // namespace

base::Expected<NodeLock> NodeLock::open(const std::string& runtime_folder, const std::string& job) {
  if (!is_plain_name(job)) return base::usage_error(fmt::format("{} cannot name a job", base::in_quotes(job)));
  NodeLock lock(fmt::format("{}/node-{}", runtime_folder, job));
  EBB_TRY_DO(make_again(lock.folder_));
  return lock;
}

base::Expected<bool> NodeLock::try_lead() {
  if (lock_) return true;
  const std::string path = folder_ + "/lock";
  for (int i = 0; i < kTries; ++i) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file && errno == ENOENT) {
      // The last rank of before has just gone, and taken the folder along.
      EBB_TRY_DO(make_again(folder_));
      continue;
    }
    if (!file) return base::service_error(system_reason(path, errno));
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) return false;
      return base::service_error(system_reason(path, errno));
    }
    if (!is_still_at(file.get(), path)) continue;
    lock_ = std::move(file);
    return true;
  }
  return base::service_error(fmt::format("{}: is removed again and again by somebody else", path));
}

base::Status NodeLock::put(const RankRecord& record) {
  const std::string path = fmt::format("{}/{}{}", folder_, kRecordPrefix, record.meter.pid);
  for (int i = 0;; ++i) {
    EBB_TRY_DO(make_again(folder_));
    auto written = base::write_file(path, text_of(record));
    // The last rank of before may take the folder along between the two.
    if (written || i == kTries) return written;
  }
}

std::vector<RankRecord> NodeLock::ranks() const {
  std::vector<RankRecord> records;
  for (const auto& file : files_in(folder_)) {
    if (!is_record(file)) continue;
    const auto text = load_kernel_file(folder_ + "/" + file);
    if (!text) continue;
    if (const auto record = parse_rank_record(*text)) records.push_back(*record);
  }
  return records;
}

void NodeLock::leave() {
  const auto leads = try_lead();
  const auto all = ranks();
  const auto is_other = [](const RankRecord& r) { return r.meter.pid != ::getpid() && is_alive(r.meter); };
  // Whoever does not get the lock leaves cleaning up to its holder. With the lock in hand nobody else cleans up, and a
  // rank that comes now finds that its lock file is no longer at its place.
  if (leads && *leads && std::none_of(all.begin(), all.end(), is_other)) {
    for (const auto& file : files_in(folder_)) ::unlink((folder_ + "/" + file).c_str());
    ::rmdir(folder_.c_str());
  }
  lock_.reset();
}

}  // namespace ebb::exec
