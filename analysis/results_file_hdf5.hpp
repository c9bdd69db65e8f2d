/// What writing and reading a results file share; only `results_file*.cpp` include it, and with it HDF5.
#pragma once

#include <hdf5.h>
#include <hdf5_hl.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "analysis/result.hpp"

namespace superpod::analysis::hdf5 {

/// What results_file.hpp promises.
void write(const Result& result, const std::filesystem::path& path);
Result read(const std::filesystem::path& path);

using Words = std::vector<std::string>;
using Whole = std::vector<std::int64_t>;
using Reals = std::vector<double>;

/// An HDF5 object that closes itself.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const std::string& what) : id_{id}, close_{close} {
    if (id < 0) throw std::runtime_error{"cannot open or make " + what};
  }
  Handle(Handle&& other) noexcept : id_{std::exchange(other.id_, -1)}, close_{other.close_} {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }  // NOLINT(google-explicit-constructor): HDF5's functions want the id

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

inline void must(herr_t status, const std::string& what) {
  if (status < 0) throw std::runtime_error{"cannot " + what};
}

/// HDF5 prints its errors unless told not to; ours travel as exceptions.
class QuietErrors {
 public:
  QuietErrors() {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
  ~QuietErrors() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }

 private:
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

inline Handle plist(hid_t kind) { return {H5Pcreate(kind), H5Pclose, "a property list"}; }

inline Handle word_type() {
  Handle type{H5Tcopy(H5T_C_S1), H5Tclose, "a string type"};
  must(H5Tset_size(type, H5T_VARIABLE), "make a string type");
  must(H5Tset_cset(type, H5T_CSET_UTF8), "make a string type");
  return type;
}

template <class T>
Handle memory_type() {
  if constexpr (std::is_same_v<T, std::string>)
    return word_type();
  else
    return {H5Tcopy(std::is_same_v<T, double> ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64), H5Tclose, "a type"};
}
template <class T>
Handle file_type() {
  if constexpr (std::is_same_v<T, std::string>)
    return word_type();
  else
    return {H5Tcopy(std::is_same_v<T, double> ? H5T_IEEE_F64LE : H5T_STD_I64LE), H5Tclose, "a type"};
}

/// A text of the result that is an attribute of the root group.
struct TextField {
  std::string_view name;
  std::string Result::*member;
};
inline constexpr TextField text_fields[] = {{"name", &Result::name},
                                            {"kind", &Result::kind},
                                            {"system", &Result::system},
                                            {"engine", &Result::engine},
                                            {"version", &Result::version},
                                            {"verdict", &Result::verdict},
                                            {"scenario_text", &Result::scenario_text}};

}  // namespace superpod::analysis::hdf5
