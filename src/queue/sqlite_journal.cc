#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "queue/job_json.h"
#include "queue/journal.h"
#include "queue/task_bytes.h"
#include "sqlite/database.h"
#include "sqlite/journal.h"
#include "sqlite/migrate.h"
#include "time/text.h"

namespace ebb::queue {
namespace {

using base::Done;
using base::Expected;
using base::Status;

constexpr sqlite::Wording kWording{"queue of jobs",
                                   "Move this file away: jobs that run go on, and their traces stay; submit again what "
                                   "waited"};

const sqlite::Tables& tables() {
  static const sqlite::Tables all{
      0x65626271,  // "ebbq"
      {"CREATE TABLE jobs (id TEXT PRIMARY KEY, uid INTEGER NOT NULL, state TEXT NOT NULL, open INTEGER NOT NULL, "
       "ended_ns INTEGER, document TEXT NOT NULL, task BLOB NOT NULL, environment BLOB NOT NULL) WITHOUT ROWID;"
       "CREATE INDEX jobs_open ON jobs (open) WHERE open = 1;"
       "CREATE INDEX jobs_ended ON jobs (ended_ns);"
       "CREATE TABLE events (job TEXT NOT NULL, at_ns INTEGER NOT NULL, what TEXT NOT NULL, text TEXT NOT NULL);"
       "CREATE INDEX events_job ON events (job);"
       "CREATE TABLE numbers (last INTEGER NOT NULL);"
       "INSERT INTO numbers VALUES (0);"}};
  return all;
}

/// Whoever has the queue holds a lock on a file beside it: two daemons on one queue would start jobs twice.
Expected<int> lock_beside(const std::string& path) {
  const std::string name = path + ".lock";
  const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return base::service_error(fmt::format("{}: {}", name, std::strerror(errno)));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return base::service_error(fmt::format(
        "{}: another ebb serve has this queue: stop it first, or give this one a folder of its own (--data-dir)",
        path));
  }
  return fd;
}

bool is_open(const Job& job) { return !is_final(job.state) || (!job.saved && job.not_settled.empty()); }

class SqliteJournal final : public Journal {
 public:
  SqliteJournal(sqlite::Database database, int lock) : database_(std::move(database)), lock_(lock) {}
  ~SqliteJournal() override { ::close(lock_); }
  SqliteJournal(const SqliteJournal&) = delete;
  SqliteJournal& operator=(const SqliteJournal&) = delete;

  Status add(const Job& job, const Event& event) override {
    EBB_TRY(auto transaction, sqlite::Transaction::begin(database_));
    {
      EBB_TRY(auto query, database_.query("SELECT 1 FROM jobs WHERE id = ?"));
      query.bind(job.id());
      EBB_TRY(const bool taken, query.next());
      if (taken) return base::usage_error(fmt::format("a job {} was there before", job.id()));
    }
    {
      EBB_TRY(auto query, database_.query("INSERT INTO jobs (id, uid, state, open, ended_ns, document, task, "
                                          "environment) VALUES (?, ?, ?, ?, NULL, ?, ?, ?)"));
      query.bind(job.id()).bind(std::int64_t{job.what.task.uid}).bind(name_of(job.state)).bind(is_open(job) ? 1 : 0);
      const auto document = state_json(job);
      const auto task = bytes_of(job.what.task);
      const auto environment = bytes_of(job.what.task.environment);
      query.bind(document).bind(sqlite::Blob{task}).bind(sqlite::Blob{environment});
      EBB_TRY_DO(query.run());
    }
    EBB_TRY_DO(insert(event));
    return transaction.commit();
  }

  Status put(const std::vector<Change>& changes) override {
    if (changes.empty()) return Done{};
    EBB_TRY(auto transaction, sqlite::Transaction::begin(database_));
    for (const auto& change : changes) {
      const auto& job = *change.job;
      EBB_TRY(auto query,
              database_.query("UPDATE jobs SET state = ?, open = ?, ended_ns = ?, document = ? WHERE id = ?"));
      const auto document = state_json(job);
      query.bind(name_of(job.state)).bind(is_open(job) ? 1 : 0);
      query.bind(job.ended ? std::optional(std::int64_t{job.ended->time_since_epoch().count()}) : std::nullopt);
      query.bind(document).bind(job.id());
      EBB_TRY_DO(query.run());
      for (const auto& event : change.events) EBB_TRY_DO(insert(event));
    }
    return transaction.commit();
  }

  Expected<std::vector<Job>> load_open() override {
    EBB_TRY(auto query, database_.query("SELECT document, task FROM jobs WHERE open = 1 ORDER BY id"));
    return rows(query);
  }

  Expected<std::vector<Job>> load_final(std::size_t limit) override {
    EBB_TRY(auto query, database_.query("SELECT document, task FROM jobs WHERE ended_ns IS NOT NULL AND state IN "
                                        "('finished', 'failed', 'cancelled', 'lost') ORDER BY ended_ns DESC LIMIT ?"));
    query.bind(static_cast<std::int64_t>(limit));
    return rows(query);
  }

  Expected<std::optional<Job>> load(const std::string& id) override {
    EBB_TRY(auto query, database_.query("SELECT document, task FROM jobs WHERE id = ?"));
    query.bind(id);
    EBB_TRY(auto found, rows(query));
    if (found.empty()) return std::optional<Job>();
    return std::optional(std::move(found.front()));
  }

  Expected<std::vector<std::string>> environment(const std::string& id) override {
    EBB_TRY(auto query, database_.query("SELECT environment FROM jobs WHERE id = ?"));
    query.bind(id);
    EBB_TRY(const bool found, query.next());
    if (!found) return base::no_data(fmt::format("no job {}", id));
    return parse_texts(query.blob());
  }

  Expected<std::vector<Event>> events(const std::string& id) override {
    EBB_TRY(auto query, database_.query("SELECT at_ns, what, text FROM events WHERE job = ? ORDER BY rowid"));
    query.bind(id);
    std::vector<Event> events;
    for (;;) {
      EBB_TRY(const bool more, query.next());
      if (!more) return events;
      Event event;
      event.job = id;
      event.at = time::Instant(time::Duration(query.integer()));
      event.what = query.text();
      event.text = query.text();
      events.push_back(std::move(event));
    }
  }

  Expected<std::int64_t> next_number() override {
    EBB_TRY(auto transaction, sqlite::Transaction::begin(database_));
    EBB_TRY_DO(database_.run("UPDATE numbers SET last = last + 1"));
    EBB_TRY(const auto number, database_.number("SELECT last FROM numbers"));
    EBB_TRY_DO(transaction.commit());
    return number;
  }

 private:
  Status insert(const Event& event) {
    EBB_TRY(auto query, database_.query("INSERT INTO events (job, at_ns, what, text) VALUES (?, ?, ?, ?)"));
    query.bind(event.job).bind(std::int64_t{event.at.time_since_epoch().count()}).bind(event.what).bind(event.text);
    return query.run();
  }

  static Expected<std::vector<Job>> rows(sqlite::Query& query) {
    std::vector<Job> jobs;
    for (;;) {
      EBB_TRY(const bool more, query.next());
      if (!more) return jobs;
      const auto document = query.text();
      EBB_TRY(auto task, parse_task(query.blob()));
      EBB_TRY(auto job, parse_job(document, std::move(task)));
      jobs.push_back(std::move(job));
    }
  }

  sqlite::Database database_;
  int lock_;
};

class NoJournal final : public Journal {
 public:
  Status add(const Job&, const Event&) override { return Done{}; }
  Status put(const std::vector<Change>&) override { return Done{}; }
  Expected<std::vector<Job>> load_open() override { return std::vector<Job>(); }
  Expected<std::vector<Job>> load_final(std::size_t) override { return std::vector<Job>(); }
  Expected<std::optional<Job>> load(const std::string&) override { return std::optional<Job>(); }
  Expected<std::vector<std::string>> environment(const std::string&) override { return std::vector<std::string>(); }
  Expected<std::vector<Event>> events(const std::string&) override { return std::vector<Event>(); }
  Expected<std::int64_t> next_number() override { return ++number_; }

 private:
  std::int64_t number_ = 0;
};

}  // namespace

Expected<std::unique_ptr<Journal>> open_journal(const std::string& path) {
  EBB_TRY(const int lock, lock_beside(path));
  auto opened = [&]() -> Expected<sqlite::Database> {
    EBB_TRY(auto database, sqlite::Database::open(path, kWording));
    EBB_TRY_DO(sqlite::choose_journal(database, sqlite::Sharing::kOneHost));
    // What is wanted must be on the disk before it is done, after a power loss too.
    EBB_TRY_DO(database.run("PRAGMA synchronous = FULL"));
    EBB_TRY_DO(sqlite::migrate(database, tables()));
    return database;
  }();
  if (!opened) {
    ::close(lock);
    return opened.error();
  }
  return std::unique_ptr<Journal>(std::make_unique<SqliteJournal>(*std::move(opened), lock));
}

std::unique_ptr<Journal> no_journal() { return std::make_unique<NoJournal>(); }

}  // namespace ebb::queue
