#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <limits>
#include <map>
#include <new>
#include <ostream>
#include <set>

#include "analysis/results_file_hdf5.hpp"
#include "analysis/seal.hpp"
#include "analysis/whole_file.hpp"

namespace superpod::analysis {
namespace {

using namespace hdf5;

constexpr std::size_t small = 4096;      // bytes: not worth a chunk
constexpr hsize_t chunk_length = 65536;  // elements: half a megabyte

Handle space_of(const std::vector<hsize_t>& shape) {
  return {H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose, "a data space"};
}

/// Calls `use` with the values as HDF5 wants them in memory.
template <class T>
void with_buffer(const std::vector<T>& values, const auto& use) {
  if constexpr (std::is_same_v<T, std::string>) {
    std::vector<const char*> pointers;
    for (const std::string& text : values) {
      if (text.find('\0') != std::string::npos) throw std::logic_error{"a text holds a NUL: '" + text + "'"};
      pointers.push_back(text.c_str());
    }
    use(pointers.data());
  } else {
    use(values.data());
  }
}

template <class T>
void write_attribute(hid_t object, const std::string& name, const std::vector<T>& values,
                     const Handle& space) {
  const std::string what = "attribute '" + name + "'";
  const Handle attribute{H5Acreate2(object, name.c_str(), file_type<T>(), space, H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose, what};
  if (values.empty()) return;
  with_buffer(values,
              [&](const void* data) { must(H5Awrite(attribute, memory_type<T>(), data), "write " + what); });
}

template <class T>
void set_attribute(hid_t object, const std::string& name, const T& value) {
  write_attribute(object, name, std::vector<T>{value}, {H5Screate(H5S_SCALAR), H5Sclose, "a data space"});
}

template <class T>
void set_attribute(hid_t object, const std::string& name, const std::vector<T>& values) {
  write_attribute(object, name, values, space_of({values.size()}));
}

void describe(hid_t object, const std::string& unit, const std::string& meaning) {
  if (!unit.empty()) set_attribute(object, "units", unit);
  if (!meaning.empty()) set_attribute(object, "long_name", meaning);
}

/// As much of the fastest dimensions as fits into one chunk.
std::vector<hsize_t> chunk_of(std::vector<hsize_t> shape) {
  hsize_t room = chunk_length;
  for (std::size_t d = shape.size(); d-- > 0;) {
    shape[d] = std::clamp<hsize_t>(shape[d], 1, room);
    room /= shape[d];
  }
  return shape;
}

template <class T>
Handle write_values(hid_t group, const std::string& name, const std::vector<T>& values,
                    const std::vector<hsize_t>& shape) {
  if (name.empty() || name.find('/') != std::string::npos)
    throw std::logic_error{"'" + name + "' cannot name a data set"};
  const Handle how = plist(H5P_DATASET_CREATE);
  must(H5Pset_obj_track_times(how, false), "leave out time stamps");
  if (!std::is_same_v<T, std::string> && values.size() * sizeof(T) > small) {
    const std::vector<hsize_t> chunk = chunk_of(shape);
    must(H5Pset_chunk(how, static_cast<int>(chunk.size()), chunk.data()), "chunk '" + name + "'");
    must(H5Pset_shuffle(how), "shuffle '" + name + "'");
    must(H5Pset_deflate(how, 4), "deflate '" + name + "'");
  }
  Handle dataset{
      H5Dcreate2(group, name.c_str(), file_type<T>(), space_of(shape), H5P_DEFAULT, how, H5P_DEFAULT),
      H5Dclose, "data set '" + name + "'"};
  if (!values.empty())
    with_buffer(values, [&](const void* data) {
      must(H5Dwrite(dataset, memory_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, data),
           "write data set '" + name + "'");
    });
  return dataset;
}

Handle write_column(hid_t group, const std::string& name, const Column& column) {
  return std::visit(
      [&](const auto& values) {
        Handle dataset = write_values(group, name, values, {values.size()});
        describe(dataset, column.unit, column.meaning);
        return dataset;
      },
      column.values);
}

/// What names the rows of a table that has no column called as its dimension.
Column row_labels(const Table& table) {
  const auto differ = [](const auto& values) {
    return std::set(values.begin(), values.end()).size() == values.size() &&
           std::ranges::all_of(values, [](const auto& value) { return value == value; });  // no NaN
  };
  if (!table.columns.empty() && std::visit(differ, table.columns.front().values))
    return table.columns.front();
  Whole numbers(table.rows());
  for (std::size_t row = 0; row < numbers.size(); ++row) numbers[row] = static_cast<std::int64_t>(row);
  return {table.dimension, "", "row, counted from 0", numbers};
}

Handle make_group(hid_t file, const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos)
    throw std::logic_error{"'" + name + "' cannot name a table"};
  const Handle how = plist(H5P_GROUP_CREATE);
  must(H5Pset_obj_track_times(how, false), "leave out time stamps");
  must(H5Pset_link_creation_order(how, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
       "keep the order of '" + name + "'");
  return {H5Gcreate2(file, name.c_str(), H5P_DEFAULT, how, H5P_DEFAULT), H5Gclose, "group '" + name + "'"};
}

void attach(hid_t dataset, hid_t scale, unsigned place, const std::string& dimension) {
  must(H5DSattach_scale(dataset, scale, place), "attach dimension '" + dimension + "'");
  must(H5DSset_label(dataset, place, dimension.c_str()), "label dimension '" + dimension + "'");
}

void write_table(hid_t file, const Table& table) {
  const Handle group = make_group(file, table.name);
  describe(group, "", table.meaning);
  set_attribute(group, "dimension", table.dimension);
  Words names;
  for (const Column& column : table.columns) names.push_back(column.name);
  set_attribute(group, "columns", names);
  for (const auto& [word, view] : words(View{}))
    if (view == table.view && view != View::plain) set_attribute(group, "view", std::string{word});

  const Column* own = table.column(table.dimension);
  const Handle scale = write_column(group, table.dimension, own != nullptr ? *own : row_labels(table));
  must(H5DSset_scale(scale, table.dimension.c_str()), "make dimension '" + table.dimension + "'");
  for (const Column& column : table.columns)
    if (&column != own) attach(write_column(group, column.name, column), scale, 0, table.dimension);
}

void write_arrays(hid_t file, const Result& result) {
  if (result.arrays.empty()) return;
  const Handle group = make_group(file, "arrays");
  std::map<std::string, const Table*> spanned;  // by dimension; the first table that has it counts
  for (const Table& table : result.tables) spanned.emplace(table.dimension, &table);
  std::set<std::string> here;
  for (const Array& array : result.arrays) {
    std::vector<hsize_t> shape;
    for (const std::string& dimension : array.dimensions) {
      shape.push_back(spanned.at(dimension)->rows());
      const std::string scale = "/" + spanned.at(dimension)->name + "/" + dimension;
      if (here.insert(dimension).second)
        must(H5Lcreate_hard(file, scale.c_str(), group, dimension.c_str(), H5P_DEFAULT, H5P_DEFAULT),
             "link " + scale);
    }
    const Handle dataset = write_values(group, array.name, array.values, shape);
    describe(dataset, array.unit, array.meaning);
    for (unsigned d = 0; d < array.dimensions.size(); ++d) {
      const std::string& dimension = array.dimensions[d];
      attach(dataset, Handle{H5Dopen2(group, dimension.c_str(), H5P_DEFAULT), H5Dclose, dimension}, d,
             dimension);
    }
  }
}

Table table_of(const std::vector<Figure>& figures) {
  Words key, unit, meaning;
  Reals value, low, high;
  for (const Figure& figure : figures) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const auto interval = figure.interval.value_or(std::pair{none, none});
    key.push_back(figure.key), unit.push_back(figure.unit), meaning.push_back(figure.meaning);
    value.push_back(figure.value), low.push_back(interval.first), high.push_back(interval.second);
  }
  return {"figures",
          "figure",
          "the answer in figures",
          {{"key", "", "as in run --json", key},
           {"value", "", "in the unit beside it", value},
           {"unit", "", "SI symbol; empty for counts and shares", unit},
           {"meaning", "", "definition", meaning},
           {"low", "", "lower end of the interval; NaN where the value is not uncertain", low},
           {"high", "", "upper end of the interval; NaN where the value is not uncertain", high}}};
}

Table table_of(const std::vector<Provenance>& inputs) {
  Words path, value, grade, source, note;
  for (const Provenance& input : inputs) {
    path.push_back(input.path), value.push_back(input.value), grade.push_back(input.grade);
    source.push_back(input.source), note.push_back(input.note);
  }
  return {"provenance",
          "input",
          "where each input comes from",
          {{"path", "", "of the parameter", path},
           {"value", "", "with its unit", value},
           {"grade", "", "measured, published, derived or assumed", grade},
           {"source", "", "who says so", source},
           {"note", "", "", note}}};
}

void write_root(hid_t file, const Result& result) {
  const Handle root{H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose, "the root group"};
  for (const auto& [name, member] : text_fields) set_attribute(root, std::string{name}, result.*member);
  set_attribute(root, "seed", result.seed);
  for (const Figure& figure : result.figures) {
    set_attribute(root, figure.key, figure.value);
    if (figure.interval)
      set_attribute(root, figure.key + "_interval", Reals{figure.interval->first, figure.interval->second});
  }
}

/// Memory that HDF5's core driver uses as its file: complete when the file is closed.
///
/// The driver's own ways out do not do: a file that HDF5 writes to a full disk cannot be closed, and the
/// image that H5Fget_file_image makes of an open file (1.10.8) has a superblock with a wrong checksum.
struct Image {
  std::vector<char> bytes;

  /// Without what HDF5 gave back at the end. A superblock of version 2 holds the address of the file's end,
  /// little-endian, in its bytes 28 to 35. Source: HDF5 File Format Specification 3.0, II.A.
  [[nodiscard]] std::vector<char> trimmed() const {
    std::size_t end = 0;
    for (std::size_t i = 0; i < 8; ++i)
      end |= std::size_t{static_cast<unsigned char>(bytes.at(28 + i))} << 8 * i;
    if (end > bytes.size()) throw std::logic_error{"HDF5 kept back a part of its file"};
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end)};
  }

  static void* allocate(std::size_t size, H5FD_file_image_op_t, void* self) {
    return resize(nullptr, size, {}, self);
  }
  static void* copy(void* to, const void* from, std::size_t size, H5FD_file_image_op_t, void*) {
    return std::memcpy(to, from, size);
  }
  static void* resize(void*, std::size_t size, H5FD_file_image_op_t, void* self) {
    try {
      static_cast<Image*>(self)->bytes.resize(size);
      return static_cast<Image*>(self)->bytes.data();
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }
  static herr_t keep(void*, H5FD_file_image_op_t, void*) { return 0; }
  static void* same(void* self) { return self; }
  static herr_t keep_self(void*) { return 0; }
};

void check_names(const Result& result) {
  for (const char* taken : {"figures", "provenance", "arrays"})
    if (result.table(taken) != nullptr)
      throw std::logic_error{"a table cannot be called '" + std::string{taken} + "'"};
  for (const Figure& figure : result.figures)
    if (figure.key == "seed" ||
        std::ranges::find(text_fields, figure.key, &TextField::name) != std::end(text_fields))
      throw std::logic_error{"a figure cannot be called '" + figure.key + "'"};
}

std::vector<char> image_of(const Result& result) {
  Image image;
  const Handle access = plist(H5P_FILE_ACCESS), creation = plist(H5P_FILE_CREATE);
  H5FD_file_image_callbacks_t callbacks{Image::allocate, Image::copy,      Image::resize, Image::keep,
                                        Image::same,     Image::keep_self, &image};
  must(H5Pset_fapl_core(access, 1, false), "work in memory");
  must(H5Pset_file_image_callbacks(access, &callbacks), "work in memory");
  must(H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18), "choose the format");
  must(H5Pset_fclose_degree(access, H5F_CLOSE_SEMI), "ask for whole files");
  must(H5Pset_obj_track_times(creation, false), "leave out time stamps");
  must(H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), "keep the order");
  must(H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), "keep the order");
  {
    const Handle file{H5Fcreate("in memory", H5F_ACC_TRUNC, creation, access), H5Fclose, "a file in memory"};
    write_root(file, result);
    write_table(file, table_of(result.figures));
    for (const Table& table : result.tables) write_table(file, table);
    write_arrays(file, result);
    write_table(file, table_of(result.provenance));
    must(H5Fflush(file, H5F_SCOPE_GLOBAL), "finish the file");
  }
  return image.trimmed();
}

}  // namespace

void hdf5::write(const Result& result, const std::filesystem::path& path) {
  check(result);
  check_names(result);
  const QuietErrors quiet;
  std::vector<char> image;
  try {
    image = image_of(result);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error{"cannot write '" + path.string() + "': " + error.what()};
  }
  const std::string end = seal(image);
  write_whole(path, [&](std::ostream& out) {
    out.write(image.data(), static_cast<std::streamsize>(image.size()));
    out << end;
  });
}

}  // namespace superpod::analysis
