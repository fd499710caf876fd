#include "pkg/testing/postgres_cluster.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
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

/// Starts a program that ends with us: SIGQUIT is PostgreSQL's immediate shutdown.
pid_t spawn(const std::vector<std::string>& words, const std::string& log) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const passwd* account = server_account();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) give_up("cannot fork");
  if (child > 0) return child;
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

PostgresCluster::PostgresCluster() {
  remove_leftovers();
  std::string pattern = (fs::temp_directory_path() / (std::string(folder_prefix) + std::to_string(getpid()) + "-XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr) give_up("cannot make " + pattern);
  folder_ = pattern;
  const passwd* account = server_account();
  if (account != nullptr && chown(folder_.c_str(), account->pw_uid, account->pw_gid) != 0) give_up("cannot hand over " + folder_.string());
  fs::permissions(folder_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec | fs::perms::others_read);
  const pid_t made = spawn({program("initdb"), "--pgdata=" + (folder_ / "data").string(), "--auth=trust", "--username=postgres",
                            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--wal-segsize=4"},
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
  // What is committed must only survive the end of the processes, not of the machine.
  server_ = spawn({program("postgres"), "-D", (folder_ / "data").string(), "-k", folder_.string(), "-c", "listen_addresses=", "-c",
                   "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB", "-c", "max_connections=100", "-c", "jit=off"},
                  (folder_ / "log").string());
}

void PostgresCluster::stop() {
  if (!is_running()) return;
  kill(server_, SIGQUIT);
  wait_for(server_);
  server_ = 0;
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
