#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace ebb::base {

/// The bytes of a file: mapped where it is a plain file, in memory where it was compressed or a pipe.
///
/// The bytes live as long as this object. Movable, not copyable. Thread safety: reading is safe from any thread.
class FileBytes {
 public:
  FileBytes() = default;
  explicit FileBytes(std::string owned) : owned_(std::move(owned)) {}
  FileBytes(const char* mapped, std::size_t size) : mapped_(mapped), size_(size) {}
  FileBytes(FileBytes&& other) noexcept;
  FileBytes& operator=(FileBytes&& other) noexcept;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes();

  [[nodiscard]] std::string_view view() const {
    return mapped_ != nullptr ? std::string_view(mapped_, size_) : std::string_view(owned_);
  }

 private:
  std::string owned_;
  const char* mapped_ = nullptr;
  std::size_t size_ = 0;
};

/// Text files have lines; one longer than this is refused instead of being read into memory.
inline constexpr std::size_t kLongestLine = std::size_t{1} << 20;

/// Reads a whole file of text lines; a gzip file is decompressed, a pipe is read to its end.
///
/// Errors: kBadData where the file cannot be opened or read, is a folder, or its gzip stream is broken; and where a
/// compressed file or a pipe holds a line longer than kLongestLine (a mapped file is left to its parser, which sees
/// the same limit without reading on).
Expected<FileBytes> load_text_file(const std::string& path);

/// Writes a whole file so that a reader sees the old or the new one, never a part: a temporary file beside it, then a
/// rename. Errors: kService, naming the path and the system's reason.
Status write_file(const std::string& path, std::string_view bytes);

/// Adds to the end of a file that is there, in one write. Errors as write_file.
Status append_to_file(const std::string& path, std::string_view bytes);

/// Makes a folder and its parents; an existing one is fine.
Status make_folder(const std::string& path);

}  // namespace ebb::base
