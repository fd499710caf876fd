#pragma once
// The processes and files of a private PostgreSQL cluster.

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace pkg::testing {

class PostgresCluster {
 public:
  /// Makes the files. A failure stops the process.
  PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;
  /// Stops the server and removes the files.
  ~PostgresCluster();

  /// Starts the server without waiting until it answers. It ends with the calling thread, whatever ends that.
  void start();
  /// Ends it without a checkpoint.
  void stop();
  bool is_running();

  std::string socket_folder() const { return folder_.string(); }
  std::string log() const;

 private:
  std::filesystem::path folder_;
  pid_t server_ = 0;
};

}  // namespace pkg::testing
