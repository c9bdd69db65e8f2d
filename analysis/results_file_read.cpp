#include <cmath>
#include <new>
#include <system_error>

#include "analysis/results_file_hdf5.hpp"
#include "analysis/seal.hpp"

namespace superpod::analysis {
namespace {

using namespace hdf5;

/// What a data set or attribute holds, given how to read it into memory.
template <class T>
std::vector<T> read_into(std::size_t size, hid_t space, const std::string& what, const auto& read_raw) {
  const Handle type = memory_type<T>();
  if constexpr (std::is_same_v<T, std::string>) {
    std::vector<char*> pointers(size, nullptr);
    must(read_raw(type, pointers.data()), "read " + what);
    Words words;
    for (const char* pointer : pointers) words.emplace_back(pointer == nullptr ? "" : pointer);
    must(H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data()), "free " + what);
    return words;
  } else {
    std::vector<T> values(size);
    must(read_raw(type, values.data()), "read " + what);
    return values;
  }
}

std::size_t size_of(hid_t space, const std::string& what) {
  const hssize_t size = H5Sget_simple_extent_npoints(space);
  must(size < 0 ? -1 : 0, "measure " + what);
  return static_cast<std::size_t>(size);
}

bool is_text(hid_t type) { return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0; }

Words read_words(hid_t object, const std::string& name) {
  const std::string what = "attribute '" + name + "'";
  if (H5Aexists(object, name.c_str()) <= 0) return {};
  const Handle attribute{H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, what};
  const Handle space{H5Aget_space(attribute), H5Sclose, what};
  if (!is_text(Handle{H5Aget_type(attribute), H5Tclose, what}))
    throw std::runtime_error{what + " holds no text"};
  const std::size_t size = size_of(space, what);
  if (size == 0) return {};
  return read_into<std::string>(size, space, what,
                                [&](hid_t type, void* to) { return H5Aread(attribute, type, to); });
}

std::string read_word(hid_t object, const std::string& name) {
  const Words words = read_words(object, name);
  return words.empty() ? "" : words.front();
}

std::int64_t read_integer(hid_t object, const std::string& name) {
  const std::string what = "attribute '" + name + "'";
  const Handle attribute{H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, what};
  const Handle space{H5Aget_space(attribute), H5Sclose, what};
  if (size_of(space, what) != 1) throw std::runtime_error{what + " is not one number"};
  return read_into<std::int64_t>(1, space, what,
                                 [&](hid_t type, void* to) { return H5Aread(attribute, type, to); })[0];
}

template <class T>
std::vector<T> read_values(const Handle& dataset, const std::string& what) {
  const Handle space{H5Dget_space(dataset), H5Sclose, what};
  const std::size_t size = size_of(space, what);
  // Deflate packs at most 1032 to 1: a damaged size must not ask for all memory.
  if (size > 0 && size / 1100 > H5Dget_storage_size(dataset))
    throw std::runtime_error{what + " is damaged: no such size"};
  if (size == 0) return {};
  return read_into<T>(size, space, what, [&](hid_t type, void* to) {
    return H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, to);
  });
}

Column read_column(hid_t group, const std::string& name) {
  const std::string what = "data set '" + name + "'";
  const Handle dataset{H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose, what};
  const Handle type{H5Dget_type(dataset), H5Tclose, what};
  Column column{name, read_word(dataset, "units"), read_word(dataset, "long_name"), {}};
  if (is_text(type))
    column.values = read_values<std::string>(dataset, what);
  else if (H5Tget_class(type) == H5T_INTEGER)
    column.values = read_values<std::int64_t>(dataset, what);
  else if (H5Tget_class(type) == H5T_FLOAT)
    column.values = read_values<double>(dataset, what);
  else
    throw std::runtime_error{what + " holds neither numbers nor words"};
  return column;
}

/// Plain where the file does not say, or says what nobody knows here.
View read_view(hid_t group) {
  const std::string said = read_word(group, "view");
  for (const auto& [word, view] : words(View{}))
    if (word == said) return view;
  return View::plain;
}

Table read_table(hid_t group, const std::string& name) {
  Table table{name, read_word(group, "dimension"), read_word(group, "long_name"), {}};
  for (const std::string& column : read_words(group, "columns"))
    table.columns.push_back(read_column(group, column));
  table.view = read_view(group);
  return table;
}

/// Names in a group, in the order in which they were made.
Words names_in(hid_t group) {
  H5G_info_t info{};
  must(H5Gget_info(group, &info), "list a group");
  Words names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const auto name_of = [&](char* to, std::size_t size) {
      const ssize_t length =
          H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, to, size, H5P_DEFAULT);
      must(length < 0 ? -1 : 0, "list a group");
      return static_cast<std::size_t>(length);
    };
    std::string name(name_of(nullptr, 0), '\0');
    name_of(name.data(), name.size() + 1);
    names.push_back(name);
  }
  return names;
}

std::vector<Array> read_arrays(hid_t group) {
  std::vector<Array> arrays;
  for (const std::string& name : names_in(group)) {
    const std::string what = "data set '" + name + "'";
    const Handle dataset{H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose, what};
    if (H5DSis_scale(dataset) > 0) continue;
    Array array{name,
                read_word(dataset, "units"),
                read_word(dataset, "long_name"),
                {},
                read_values<double>(dataset, what)};
    const Handle space{H5Dget_space(dataset), H5Sclose, what};
    for (int d = 0; d < H5Sget_simple_extent_ndims(space); ++d) {
      char label[256] = "";
      must(static_cast<herr_t>(H5DSget_label(dataset, static_cast<unsigned>(d), label, sizeof label)),
           "read " + what);
      array.dimensions.emplace_back(label);
    }
    arrays.push_back(std::move(array));
  }
  return arrays;
}

template <class T>
const std::vector<T>& values_of(const Table& table, const std::string& name) {
  const Column* column = table.column(name);
  if (column == nullptr || !std::holds_alternative<std::vector<T>>(column->values))
    throw std::runtime_error{"table '" + table.name + "' lacks '" + name + "'"};
  if (column->size() != table.rows())
    throw std::runtime_error{"columns of '" + table.name + "' differ in length"};
  return std::get<std::vector<T>>(column->values);
}

std::vector<Figure> figures_of(const Table& table) {
  const Words &key = values_of<std::string>(table, "key"), &unit = values_of<std::string>(table, "unit"),
              &meaning = values_of<std::string>(table, "meaning");
  const Reals &value = values_of<double>(table, "value"), &low = values_of<double>(table, "low"),
              &high = values_of<double>(table, "high");
  std::vector<Figure> figures;
  for (std::size_t i = 0; i < key.size(); ++i) {
    figures.push_back({key[i], value[i], unit[i], meaning[i]});
    if (!std::isnan(low[i])) figures.back().interval = {low[i], high[i]};
  }
  return figures;
}

std::vector<Provenance> provenance_of(const Table& table) {
  const auto column = [&](const char* name) { return values_of<std::string>(table, name); };
  const Words path = column("path"), value = column("value"), grade = column("grade"),
              source = column("source"), note = column("note");
  std::vector<Provenance> inputs;
  for (std::size_t i = 0; i < path.size(); ++i)
    inputs.push_back({path[i], value[i], grade[i], source[i], note[i]});
  return inputs;
}

Result read_file(const Handle& file) {
  Result result;
  const Handle root{H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose, "the root group"};
  if (H5Aexists(root, "scenario_text") <= 0) throw std::runtime_error{"it holds no result of superpod"};
  for (const auto& [name, member] : text_fields) result.*member = read_word(root, std::string{name});
  result.seed = read_integer(root, "seed");
  for (const std::string& name : names_in(root)) {
    H5O_info_t info{};
    must(H5Oget_info_by_name2(root, name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT),
         "look at '" + name + "'");
    if (info.type != H5O_TYPE_GROUP) continue;
    const Handle group{H5Gopen2(root, name.c_str(), H5P_DEFAULT), H5Gclose, "group '" + name + "'"};
    if (name == "arrays")
      result.arrays = read_arrays(group);
    else if (H5Aexists(group, "columns") <= 0)
      continue;
    else if (name == "figures")
      result.figures = figures_of(read_table(group, name));
    else if (name == "provenance")
      result.provenance = provenance_of(read_table(group, name));
    else
      result.tables.push_back(read_table(group, name));
  }
  check(result);
  return result;
}

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why) {
  throw std::runtime_error{"cannot read '" + path.string() + "': " + why};
}

}  // namespace

Result hdf5::read(const std::filesystem::path& path) {
  const QuietErrors quiet;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) fail(path, error ? error.message() : "no such file");
  if (H5Fis_hdf5(path.c_str()) <= 0) fail(path, "it is no HDF5 file");
  if (seal_is_broken(path)) fail(path, "it is damaged: its bytes are not those that were written");
  try {
    return read_file(
        {H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "it: it is damaged or cut short"});
  } catch (const std::bad_alloc&) {
    fail(path, "it is damaged, or larger than memory");
  } catch (const std::exception& why) {  // also a broken `check`: the file's mistake here, not ours
    fail(path, why.what());
  }
}

}  // namespace superpod::analysis
