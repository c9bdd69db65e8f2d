/// A Result as an HDF5 file, and back.
///
/// The layout, for readers (h5py, pandas, xarray with engine="h5netcdf"):
///
///     /                      attributes: name, kind, system, engine, version, seed, verdict, scenario_text;
///                            and every figure of `run --json` under its key, e.g. breakdown_s.bubble,
///                            with <key>_interval [low, high] where it is uncertain
///     /figures               the same as a table: key, value, unit, meaning, low, high (NaN: not uncertain)
///     /provenance            a table: path, value, grade, source, note of every input
///     /<table>               one group for each table, e.g. /ranks, /links, /slots
///     /<table>/<column>      one data set for each column, one-dimensional; attributes `units` (an SI
///                            symbol; absent for counts, shares, words) and `long_name` (the definition)
///     /<table>/<dimension>   the dimension scale of the table's rows: the column of that name, if any; else
///                            what the first column holds, if no two rows are alike in it; else row
///                            numbers from 0
///     /arrays                arrays over rows of several tables, e.g. link_utilisation[link_class][time],
///                            with those tables' dimension scales beside them (hard links: the same objects)
///
/// Attributes of a table's group: `long_name`, `dimension`, `columns` (their names, in order), `view` (what a
/// page makes of it, a word of analysis/result.hpp; absent: all columns, plainly, as of files of earlier
/// versions, which had no views). Numbers are 64-bit floats and integers; words are variable-length UTF-8
/// strings. Columns of more than 4 KiB are chunked, shuffled and deflated.
///
///     xr.open_dataset("out.h5", group="ranks", engine="h5netcdf")    a table, columns with units
///     xr.open_dataset("out.h5", group="arrays", engine="h5netcdf")   arrays over named dimensions
///     xr.open_dataset("out.h5", engine="h5netcdf").attrs             the figures
///
/// There is no time stamp in the file: equal results make equal bytes. The last 16 bytes are a seal (see
/// `seal.hpp`), which HDF5 does not look at; a program that adds to the file drops it.
#pragma once

#include <filesystem>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// Makes the file whole or not at all (see `write_whole`), in memory first: it needs twice the file's size.
/// Throws std::logic_error when `check(result)` does, or when a name or text cannot stand in the file.
void write(const Result& result, const std::filesystem::path& path);

/// What `write` wrote; nothing is lost. Groups and data sets that others added are passed over.
/// Throws std::runtime_error with the path and the reason when the file cannot be read, is no HDF5 file or is
/// damaged.
/// Valid: files that superpod wrote. HDF5 1.10 itself can crash on one made to harm, with a false
/// seal or none.
Result read(const std::filesystem::path& path);

}  // namespace superpod::analysis
