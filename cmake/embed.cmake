# ebb_embed(target symbol file)
#
# Puts the bytes of `file` into the program as `extern const char <symbol>_begin[], <symbol>_end[]`, so that a single
# binary carries its data wherever it is copied to. Uses the assembler's .incbin: no generated source to compile.
function(ebb_embed target symbol file)
  get_filename_component(path "${file}" ABSOLUTE)
  set(out "${CMAKE_CURRENT_BINARY_DIR}/embed_${symbol}.cc")
  file(CONFIGURE OUTPUT "${out}" CONTENT
"// Made by cmake/embed.cmake.
__asm__(\".section .rodata\\n.balign 16\\n.global @symbol@_begin\\n@symbol@_begin:\\n.incbin \\\"@path@\\\"\\n\"
        \".global @symbol@_end\\n@symbol@_end:\\n.byte 0\\n.section .note.GNU-stack,\\\"\\\",@progbits\\n.text\\n\");
" @ONLY)
  set_source_files_properties("${out}" PROPERTIES OBJECT_DEPENDS "${path}")
  target_sources(${target} PRIVATE "${out}")
endfunction()
