#pragma once
// The processes and files of a private PostgreSQL cluster.

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>

namespace pkg::testing {

/// What has to survive what: a test that kills processes does not wait for disks.
enum class Durability {
  of_processes,  ///< fsync is off: quick; what is committed survives the end of the server
  of_machines,   ///< fsync and full pages; made to be killed again and again, and back soon
  as_delivered,  ///< as `make run` sets PostgreSQL up (scripts/lib/mall/databases.py), for what is measured
};

class PostgresCluster {
 public:
  /// Makes the files. A failure stops the process. Where `small_disk` is not 0 the server, and it alone, has a disk of so many bytes at
  /// small_folder().
  explicit PostgresCluster(Durability durability = Durability::of_processes, std::size_t small_disk = 0);
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;
  /// Stops the server and removes the files.
  ~PostgresCluster();

  /// Starts the server without waiting until it answers. It ends with the calling thread, whatever ends that.
  void start();
  /// Ends it without a checkpoint.
  void stop();
  /// SIGKILL for the server and every process of its own; all are gone when it returns.
  void kill();
  bool is_running();

  std::string socket_folder() const { return folder_.string(); }
  std::string small_folder() const { return folder_ / "small"; }
  std::string log() const;

 private:
  const Durability durability_;
  const std::size_t small_disk_;
  std::filesystem::path folder_;
  pid_t server_ = 0;
};

}  // namespace pkg::testing
