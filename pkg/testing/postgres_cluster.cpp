#include "pkg/testing/postgres_cluster.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace pkg::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view folder_prefix = "mall-postgres-";

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "PostgreSQL for tests: %s\n", why.c_str());
  std::abort();
}

std::string program(const std::string& name) {
  for (const char* version : {"17", "16", "15"}) {
    const std::string path = "/usr/lib/postgresql/" + std::string(version) + "/bin/" + name;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return name;  // from PATH
}

/// Whom the server runs as: PostgreSQL refuses root, so root becomes `postgres`.
const passwd* server_account() {
  if (geteuid() != 0) return nullptr;
  const passwd* account = getpwnam("postgres");
  if (account == nullptr) give_up("started by root, and there is no account named postgres to run as");
  return account;
}

void write_file(const char* path, const std::string& text) {
  const int file = open(path, O_WRONLY);
  if (file < 0 || write(file, text.data(), text.size()) < 0) _exit(121);
  close(file);
}

struct Disk {
  std::string folder;
  std::string options;  ///< of tmpfs
};

/// For the calling process and those it starts only. Root needs no more than a mount namespace; others get one in a user namespace in
/// which they are still themselves.
void mount_disk(const Disk& disk) {
  const auto user = std::to_string(geteuid()), group = std::to_string(getegid());
  if (unshare(user == "0" ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) _exit(123);
  if (user != "0") {
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", user + " " + user + " 1");
    write_file("/proc/self/gid_map", group + " " + group + " 1");
  }
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) _exit(123);
  if (mount("tmpfs", disk.folder.c_str(), "tmpfs", 0, disk.options.c_str()) != 0) _exit(123);
}

/// Starts a program that ends with us: SIGQUIT is PostgreSQL's immediate shutdown.
pid_t spawn(const std::vector<std::string>& words, const std::string& log, const Disk* disk = nullptr) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const passwd* account = server_account();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) give_up("cannot fork");
  if (child > 0) return child;
  if (disk != nullptr) mount_disk(*disk);  // such a test has one thread yet
  // Only calls that are safe between fork and exec. A change of user clears the parent-death signal, so it comes first.
  if (account != nullptr && (setgroups(0, nullptr) != 0 || setgid(account->pw_gid) != 0 || setuid(account->pw_uid) != 0)) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent) _exit(125);
  setpgid(0, 0);  // a Ctrl-C at the terminal is ours to handle
  const int out = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
  if (out >= 0) {
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
  }
  close_range(STDERR_FILENO + 1, ~0U, 0);  // a test's own connections end when the test closes them
  if (chdir("/") != 0) _exit(124);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

struct Stat {
  char state = 'X';
  pid_t parent = 0;
};

/// What the kernel says of a process; the state is X where it is gone.
Stat stat_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text, '\0');  // the whole of it; empty where the process ends just now
  const auto name_end = text.rfind(')');  // the name before it may hold anything
  Stat stat;
  if (name_end == std::string::npos) return stat;
  std::istringstream(text.substr(name_end + 1)) >> stat.state >> stat.parent;
  return stat;
}

/// A zombie does not: whoever inherited it takes its time.
bool lives(pid_t process) {
  const char state = stat_of(process).state;
  return state != 'X' && state != 'Z';
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename().string();
    pid_t process = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), process);
    if (read.ptr == name.data() + name.size() && stat_of(process).parent == parent) children.push_back(process);
  }
  return children;
}

/// Folders of test runs that were killed before they could tidy up.
void remove_leftovers() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(folder_prefix)) continue;
    pid_t owner = 0;
    std::from_chars(name.data() + folder_prefix.size(), name.data() + name.size(), owner);
    if (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

PostgresCluster::PostgresCluster(Durability durability, std::size_t small_disk) : durability_(durability), small_disk_(small_disk) {
  remove_leftovers();
  std::string pattern = (fs::temp_directory_path() / (std::string(folder_prefix) + std::to_string(getpid()) + "-XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr) give_up("cannot make " + pattern);
  folder_ = pattern;
  const passwd* account = server_account();
  if (account != nullptr && chown(folder_.c_str(), account->pw_uid, account->pw_gid) != 0) give_up("cannot hand over " + folder_.string());
  fs::permissions(folder_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec | fs::perms::others_read);
  if (small_disk_ > 0) fs::create_directory(small_folder());
  const pid_t made =
      spawn({program("initdb"), "--pgdata=" + (folder_ / "data").string(), "--auth=trust", "--username=postgres", "--encoding=UTF8",
             "--locale=C.UTF-8", "--no-sync", durability_ == Durability::as_delivered ? "--wal-segsize=16" : "--wal-segsize=4"},
            (folder_ / "log").string());
  if (wait_for(made) != 0) give_up("initdb failed:\n" + log());
}

PostgresCluster::~PostgresCluster() {
  stop();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void PostgresCluster::start() {
  if (is_running()) return;
  const passwd* account = server_account();
  const auto user = account == nullptr ? geteuid() : account->pw_uid;
  const auto group = account == nullptr ? getegid() : account->pw_gid;
  const Disk disk{small_folder(),
                  "size=" + std::to_string(small_disk_) + ",mode=700,uid=" + std::to_string(user) + ",gid=" + std::to_string(group)};
  std::vector<std::string> words{program("postgres"), "-D", (folder_ / "data").string(), "-k", folder_.string()};
  std::vector<std::string> settings{"listen_addresses=", "jit=off"};
  switch (durability_) {
    case Durability::of_processes:
      settings.insert(settings.end(), {"fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=100"});
      break;
    case Durability::of_machines:
      // A server that is killed again and again is to be back within a second or two: short logs to replay, and one call instead of one
      // for each of some thousand files where it makes sure of what is on the disk.
      settings.insert(settings.end(), {"fsync=on", "synchronous_commit=on", "full_page_writes=on", "wal_compression=on",
                                       "shared_buffers=64MB", "max_connections=150", "recovery_init_sync_method=syncfs",
                                       "checkpoint_timeout=30s", "checkpoint_completion_target=0.5"});
      break;
    case Durability::as_delivered:
      settings.insert(settings.end(), {"max_connections=150", "shared_buffers=64MB", "effective_cache_size=512MB", "work_mem=4MB",
                                       "maintenance_work_mem=32MB", "fsync=on", "synchronous_commit=on", "full_page_writes=on",
                                       "wal_compression=on", "wal_level=minimal", "max_wal_senders=0", "max_wal_size=1GB",
                                       "checkpoint_timeout=15min", "max_parallel_workers_per_gather=0", "random_page_cost=1.1",
                                       "autovacuum_max_workers=2", "idle_in_transaction_session_timeout=60s"});
      break;
  }
  for (auto& setting : settings) words.insert(words.end(), {"-c", std::move(setting)});
  server_ = spawn(words, (folder_ / "log").string(), small_disk_ > 0 ? &disk : nullptr);
}

void PostgresCluster::stop() {
  if (!is_running()) return;
  ::kill(server_, SIGQUIT);
  wait_for(server_);
  server_ = 0;
}

void PostgresCluster::kill() {
  if (!is_running()) return;
  ::kill(server_, SIGSTOP);  // so that it starts no more of them
  const auto backends = children_of(server_);
  ::kill(server_, SIGKILL);
  wait_for(server_);
  server_ = 0;
  for (const pid_t backend : backends) ::kill(backend, SIGKILL);
  // A new server refuses the files while one of them lives.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  for (const pid_t backend : backends) {
    while (lives(backend)) {
      if (std::chrono::steady_clock::now() > deadline) give_up("process " + std::to_string(backend) + " survives SIGKILL");
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }
}

bool PostgresCluster::is_running() {
  if (server_ == 0) return false;
  if (waitpid(server_, nullptr, WNOHANG) == 0) return true;
  server_ = 0;
  return false;
}

std::string PostgresCluster::log() const {
  std::ifstream file(folder_ / "log");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace pkg::testing
