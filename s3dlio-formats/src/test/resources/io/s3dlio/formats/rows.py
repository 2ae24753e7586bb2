"""Prints how many rows, row groups and columns PyArrow finds."""
import sys

import pyarrow.parquet

metadata = pyarrow.parquet.ParquetFile(
    sys.argv[1]).metadata
print(metadata.num_rows, metadata.num_row_groups, metadata.num_columns)
