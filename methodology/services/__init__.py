from methodology.services.loading import (
    ChangedVersion,
    LoadResult,
    load_method_file,
    load_method_version,
    load_methods,
)

__all__ = [
    "ChangedVersion",
    "LoadResult",
    "load_method_file",
    "load_method_version",
    "load_methods",
]
