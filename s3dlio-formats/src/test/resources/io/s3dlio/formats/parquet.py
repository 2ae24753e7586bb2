"""Prints what PyArrow finds: rows of each group, the schema, and of each column in each group the values' SHA-256."""
import hashlib
import sys

import pyarrow.parquet

file = pyarrow.parquet.ParquetFile(sys.argv[1])
schema = file.schema_arrow
print(file.metadata.num_rows, [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)])
for field in schema:
    print(field.name, field.type, field.nullable)
for group in range(file.num_row_groups):
    table = file.read_row_group(group)
    table.validate(full=True)
    for field in schema:
        column = table.column(field.name).combine_chunks()
        lengths = set()
        if str(field.type).startswith("list"):
            lengths = set(column.value_lengths().to_pylist())
            column = column.flatten()
        assert column.null_count == 0
        print(sorted(lengths), len(column), hashlib.sha256(column.to_numpy().tobytes()).hexdigest())
