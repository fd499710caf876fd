#include "pkg/agent/start_up_memory.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>

// A program that is linked with jemalloc has this (docs/adr/0024).
extern "C" int mallctl(const char* name, void* old_value, std::size_t* old_size, void* new_value, std::size_t new_size)
    __attribute__((weak));

namespace pkg::agent {
namespace {

constexpr const char* purge_all_arenas = "arena.4096.purge";  // MALLCTL_ARENAS_ALL

bool is_traced() {
  std::ifstream status("/proc/self/status");
  constexpr std::string_view tracer = "TracerPid:\t";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(tracer)) return line != std::string(tracer) + "0";
  }
  return true;
}

// What is never written is as it is in the file. (Constants that the loader relocates are in segments that are written.)
int unmap_constants(dl_phdr_info* object, std::size_t /*size*/, void* /*data*/) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = (object->dlpi_addr + segment.p_vaddr) / page * page;
    const auto end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // where it is refused nothing is lost
  }
  return 0;
}

}  // namespace

void give_back_start_up_memory() {
  if (is_traced()) return;
  if (mallctl != nullptr) {
    mallctl(purge_all_arenas, nullptr, nullptr, nullptr, 0);
  } else {
    ::malloc_trim(0);
  }
  ::dl_iterate_phdr(unmap_constants, nullptr);
}

}  // namespace pkg::agent
