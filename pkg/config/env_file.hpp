#pragma once
// The format of app.env: NAME=value lines, empty lines, lines that start with #. A value may stand in 'single' quotes (taken as it
// is) or "double" quotes (\n, \t, \" and \\ are known); without quotes it ends before " #" and loses the blanks around it. "export "
// in front is allowed, so that a shell can read the same file.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pkg::config {

struct EnvEntry {
  std::string name;
  std::string value;
  std::size_t line = 0;  ///< from 1
};

struct EnvFile {
  std::vector<EnvEntry> entries;    ///< a name given twice is a fault, its first value counts
  std::vector<std::string> faults;  ///< "line 3: expected NAME=value"; empty when the text is well-formed
};

EnvFile parse_env_file(std::string_view text);

}  // namespace pkg::config
