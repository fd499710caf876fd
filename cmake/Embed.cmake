# Writes a .cpp that holds files' bytes by reference (.incbin), so that they are paged in only when they are read.
string(REPLACE "|" ";" FILES "${FILES}")
set(asm "")
set(table "")
set(decl "")
set(i 0)
foreach(file IN LISTS FILES)
  get_filename_component(base "${file}" NAME)
  set(label "embedded_${SYMBOL}_${i}")
  string(REPLACE "::" "_" prefix "${NAMESPACE}")
  set(label "${prefix}_${label}")
  string(APPEND asm "asm(\".section .rodata\\n.balign 16\\n${label}_begin:\\n.incbin \\\"${file}\\\"\\n${label}_end:\\n.byte 0\\n.previous\\n\");\n")
  string(APPEND decl "extern const char ${label}_begin[] asm(\"${label}_begin\");\nextern const char ${label}_end[] asm(\"${label}_end\");\n")
  string(APPEND table "    {\"${base}\", {${label}_begin, static_cast<std::size_t>(${label}_end - ${label}_begin)}},\n")
  math(EXPR i "${i} + 1")
endforeach()
file(WRITE "${OUT}" "#include \"pkg/embed/embedded_file.hpp\"\n\n#include <cstddef>\n\n${asm}\n${decl}\nnamespace ${NAMESPACE} {\n
std::span<const pkg::embed::EmbeddedFile> ${SYMBOL}() {\n  static const pkg::embed::EmbeddedFile table[] = {\n${table}  };\n  return table;\n}\n
}  // namespace ${NAMESPACE}\n")
